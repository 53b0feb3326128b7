// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.plugins.request.RequestSummary;
import ai.jan.quota.Amount;
import ai.jan.quota.Price;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs at most.
 *
 * @param modelAsked as the client called it, if it asks for one
 * @param modelSent that it goes to
 * @param isServed whether the service behind says in the end what was used; else the cost is known
 */
record Cost(
        Amount amount,
        Price price,
        @Nullable String modelAsked,
        @Nullable String modelSent,
        boolean isServed) {

    /** Of a request that is over for us when it is let through. */
    static Cost known(long requests, Price price) {
        return new Cost(Amount.ofRequests(requests), price, null, null, false);
    }

    /** Of a request to a model. */
    static Cost ofModel(RequestSummary request, QuotaConfig config, Optional<ModelPrices> prices) {
        var sent = request.modelSent();
        var output = request.outputTokens();
        return new Cost(
                new Amount(
                        1,
                        request.promptTokens() + request.images() * config.mediaTokens(),
                        output == null ? config.outputTokens() : output),
                sent == null ? Price.FREE : price(sent, config, prices),
                request.modelAsked(),
                sent,
                true);
    }

    /** By name in the configuration, else in the backends file, else what others cost. */
    private static Price price(String model, QuotaConfig config, Optional<ModelPrices> prices) {
        var configured = config.prices();
        return Optional.ofNullable(configured.get(model))
                .map(PriceConfig::price)
                .or(() -> prices.flatMap(known -> known.of(model)))
                .or(() -> PlanLimits.named(configured, model).map(PriceConfig::price))
                .orElse(Price.FREE);
    }

    boolean isNothing() {
        return amount.requests() == 0 && amount.tokens() == 0 && price.of(amount) == 0;
    }
}
