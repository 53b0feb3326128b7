// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.config.Secret;
import ai.jan.kit.lifecycle.ProcessFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The file that says which models are served where:
 *
 * <pre>
 * backends:
 *   - name: gpu-1
 *     url: http://vllm:8000/v1
 *     api_key_env: VLLM_API_KEY      # optional: the variable that holds the key
 *     models:
 *       - qwen3-8b                   # the same name there
 *       - id: chat                   # another name there
 *         upstream_id: Qwen/Qwen3-8B
 *         context: 32768             # optional, tokens; history is trimmed to it
 *         price: {input: 0.20, output: 0.60} # optional, of a million tokens
 *     weight: 1                      # optional, and the defaults
 *     max_requests: 4096
 *     queue_seconds: 30
 *     first_token_seconds: 300
 *     between_tokens_seconds: 60
 *     answer_seconds: 600
 *     probe_seconds: 2
 * </pre>
 *
 * A model may be offered by several backends; each request goes to the least busy one.
 */
public final class BackendsFile {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final int MAX_CONTEXT = 100_000_000;
    private static final int MAX_SECONDS = 24 * 60 * 60;
    private static final int MAX_WEIGHT = 1000;
    private static final int MAX_REQUESTS = 100_000;

    private final String file;
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    private BackendsFile(String file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * Reads the file and the keys it refers to.
     *
     * @throws ProcessFailure with every problem of the file
     */
    public static List<BackendConfig> read(Path path, Map<String, String> environment) {
        var file = new BackendsFile(path.getFileName().toString(), environment);
        var backends = file.backends(file.parse(path));
        if (!file.problems.isEmpty()) {
            throw ProcessFailure.configuration(file.problems);
        }
        return backends;
    }

    private @Nullable JsonNode parse(Path path) {
        try {
            return YAML.readTree(Files.readAllBytes(path));
        } catch (JsonProcessingException e) {
            problem("line " + e.getLocation().getLineNr(), "it is not YAML");
        } catch (IOException e) {
            problem(path.toString(), "it cannot be read");
        }
        return null;
    }

    private List<BackendConfig> backends(@Nullable JsonNode root) {
        var backends = new ArrayList<BackendConfig>();
        if (root == null) {
            return backends;
        }
        checkKeys(root, "the file", Set.of("backends"));
        var list = root.path("backends");
        if (!list.isArray() || list.isEmpty()) {
            problem("backends", "expected a list of at least one backend");
        }
        var names = new HashSet<String>();
        for (int i = 0; i < list.size(); i++) {
            var backend = backend(list.get(i), "backends[" + i + "]");
            if (!names.add(backend.name())) {
                problem("backends[" + i + "].name", "'" + backend.name() + "' is there twice");
            }
            backends.add(backend);
        }
        return backends;
    }

    private BackendConfig backend(JsonNode json, String path) {
        checkKeys(
                json,
                path,
                Set.of(
                        "name",
                        "url",
                        "api_key_env",
                        "models",
                        "weight",
                        "max_requests",
                        "queue_seconds",
                        "first_token_seconds",
                        "between_tokens_seconds",
                        "answer_seconds",
                        "probe_seconds"));
        var deadlines = Deadlines.DEFAULT;
        return new BackendConfig(
                text(json, path, "name"),
                url(json, path),
                apiKey(json, path),
                models(json.path("models"), path + ".models"),
                new Deadlines(
                        seconds(json, path, "first_token_seconds", deadlines.firstToken()),
                        seconds(json, path, "between_tokens_seconds", deadlines.betweenTokens()),
                        seconds(json, path, "answer_seconds", deadlines.answer()),
                        seconds(json, path, "probe_seconds", deadlines.probe()),
                        seconds(json, path, "queue_seconds", deadlines.queue())),
                new Capacity(
                        number(json, path, "weight", MAX_WEIGHT).orElse(Capacity.DEFAULT.weight()),
                        number(json, path, "max_requests", MAX_REQUESTS)
                                .orElse(Capacity.DEFAULT.requests())));
    }

    private List<ServedModel> models(JsonNode list, String path) {
        var models = new ArrayList<ServedModel>();
        if (!list.isArray() || list.isEmpty()) {
            problem(path, "expected a list of at least one model");
        }
        var ids = new HashSet<String>();
        for (int i = 0; i < list.size(); i++) {
            var model = model(list.get(i), path + "[" + i + "]");
            if (!ids.add(model.id())) {
                problem(path + "[" + i + "]", "'" + model.id() + "' is there twice");
            }
            models.add(model);
        }
        return models;
    }

    private ServedModel model(JsonNode json, String path) {
        if (json.isTextual() && !json.textValue().isBlank()) {
            return new ServedModel(json.textValue(), json.textValue(), OptionalInt.empty());
        }
        checkKeys(json, path, Set.of("id", "upstream_id", "context", "price"));
        var id = text(json, path, "id");
        var upstreamId = json.has("upstream_id") ? text(json, path, "upstream_id") : id;
        return new ServedModel(
                id,
                upstreamId,
                number(json, path, "context", MAX_CONTEXT),
                price(json.path("price"), path + ".price"));
    }

    private Optional<Price> price(JsonNode json, String path) {
        if (json.isMissingNode()) {
            return Optional.empty();
        }
        checkKeys(json, path, Set.of("input", "output"));
        return Optional.of(new Price(amount(json, path, "input"), amount(json, path, "output")));
    }

    private BigDecimal amount(JsonNode json, String path, String name) {
        var value = json.path(name);
        if (!value.isNumber() || value.decimalValue().signum() < 0) {
            problem(path + "." + name, "expected a number that is not negative");
            return BigDecimal.ZERO;
        }
        return value.decimalValue();
    }

    private Optional<Secret> apiKey(JsonNode json, String path) {
        if (!json.has("api_key_env")) {
            return Optional.empty();
        }
        var name = text(json, path, "api_key_env");
        var key = environment.getOrDefault(name, "");
        if (!name.isEmpty() && key.isBlank()) {
            problem(path + ".api_key_env", "the variable " + name + " is not set");
        }
        return Optional.of(new Secret(key));
    }

    private URI url(JsonNode json, String path) {
        var text = text(json, path, "url").replaceFirst("/+$", "");
        var placeholder = URI.create("http://missing.invalid");
        try {
            var url = URI.create(text);
            boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (isHttp && url.getHost() != null && url.getRawQuery() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // reported below like any other address that does not fit
        }
        if (!text.isEmpty()) {
            problem(
                    path + ".url",
                    "'%s' is not an address such as http://127.0.0.1:8101/v1".formatted(text));
        }
        return placeholder;
    }

    private Duration seconds(JsonNode json, String path, String name, Duration fallback) {
        var seconds = number(json, path, name, MAX_SECONDS);
        return seconds.isPresent() ? Duration.ofSeconds(seconds.getAsInt()) : fallback;
    }

    private OptionalInt number(JsonNode json, String path, String name, int most) {
        if (!json.has(name)) {
            return OptionalInt.empty();
        }
        var value = json.path(name);
        if (!value.canConvertToInt() || value.intValue() < 1 || value.intValue() > most) {
            problem(path + "." + name, "expected a whole number from 1 to " + most);
        }
        return OptionalInt.of(value.intValue());
    }

    private String text(JsonNode json, String path, String name) {
        var value = json.path(name);
        if (!value.isTextual() || value.textValue().isBlank()) {
            problem(path + "." + name, value.isMissingNode() ? "is missing" : "expected a text");
            return "";
        }
        return value.textValue();
    }

    private void checkKeys(JsonNode json, String path, Set<String> known) {
        if (!json.isObject()) {
            problem(path, "expected " + new TreeSet<>(known));
        }
        json.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        problem(
                                path,
                                "'" + name + "' is not known; expected " + new TreeSet<>(known));
                    }
                });
    }

    private void problem(String path, String text) {
        problems.add(file + ": " + path + ": " + text);
    }
}
