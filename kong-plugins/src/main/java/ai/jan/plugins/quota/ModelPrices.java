// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.kit.lifecycle.Recurring;
import ai.jan.quota.Price;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What models cost, by the file that tells llm-api-lite where they are served. A change of the file
 * is taken over within seconds; while it is wrong, prices stay as they were. Thread-safe.
 */
public final class ModelPrices implements Recurring.Task {
    private static final Logger LOG = LoggerFactory.getLogger(ModelPrices.class);
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** A price for a million is as many billionths for a thousandth. */
    private static final BigDecimal BILLIONTHS = BigDecimal.valueOf(1000);

    private final Path file;
    private byte[] content;
    private volatile Map<String, Price> prices;

    private ModelPrices(Path file) throws IOException {
        this.file = file;
        this.content = Files.readAllBytes(file);
        this.prices = parse(content);
    }

    /**
     * Reads the file.
     *
     * @throws ProcessFailure if it cannot be read, or a price is not one
     */
    public static ModelPrices read(Path file) {
        try {
            return new ModelPrices(file);
        } catch (IOException | IllegalArgumentException e) {
            throw ProcessFailure.configuration(
                    List.of(file.getFileName() + ": no prices of models: " + e.getMessage()));
        }
    }

    /** Follows the file until what is returned is closed. */
    public Recurring follow() {
        return Recurring.start(
                "model-prices",
                Recurring.Rhythm.every(PERIOD),
                "the prices of models stay as they were",
                this);
    }

    /** The price of a model; if several servers ask different ones, the highest. */
    Optional<Price> of(String model) {
        return Optional.ofNullable(prices.get(model));
    }

    /** By content: a file that Kubernetes mounts keeps its name and changes what it points to. */
    @Override
    public void run() throws IOException {
        var now = Files.readAllBytes(file);
        if (!Arrays.equals(now, content)) {
            prices = parse(now);
            content = now;
            LOG.info("{} was read again: prices of {} models", file.getFileName(), prices.size());
        }
    }

    private static Map<String, Price> parse(byte[] yaml) throws IOException {
        var prices = new HashMap<String, Price>();
        for (var backend : YAML.readTree(yaml).path("backends")) {
            for (var model : backend.path("models")) {
                if (model.has("price")) {
                    var id = model.path("id").asText();
                    prices.merge(id, price(id, model.path("price")), ModelPrices::higher);
                }
            }
        }
        return Map.copyOf(prices);
    }

    private static Price price(String model, JsonNode json) {
        return new Price(0, billionths(model, json, "input"), billionths(model, json, "output"));
    }

    private static long billionths(String model, JsonNode json, String name) {
        var amount = json.path(name);
        if (!amount.isNumber() || amount.decimalValue().signum() < 0) {
            throw new IllegalArgumentException(
                    "the price of " + model + ": expected " + name + ", not negative");
        }
        try {
            return amount.decimalValue()
                    .multiply(BILLIONTHS)
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "the price of " + model + ": " + name + " is too high", e);
        }
    }

    private static Price higher(Price one, Price other) {
        return new Price(
                0,
                Math.max(one.perPromptToken(), other.perPromptToken()),
                Math.max(one.perCompletionToken(), other.perCompletionToken()));
    }
}
