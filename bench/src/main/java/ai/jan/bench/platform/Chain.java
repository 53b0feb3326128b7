// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request passes between the client and the model. A plugin that needs others on its route
 * has them, so that what it costs is the difference to the chain before it.
 */
public enum Chain {
    /** Nothing. */
    MODEL,
    LLM_API_LITE,
    /** The gateway without a plugin of ours, straight to the model. */
    GATEWAY,
    JAN_AUTH,
    JAN_REWRITE,
    JAN_QUOTA,
    /** {@code kong.yml} as it is, with llm-api-lite behind it. */
    ALL;

    /** As scenario files write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that scenario files call so. */
    public static Optional<Chain> labelled(String label) {
        return Arrays.stream(values()).filter(chain -> chain.label().equals(label)).findFirst();
    }

    /** Of ours, in the gateway. Those that come with Kong are on in every gateway. */
    public List<String> plugins() {
        return switch (this) {
            case MODEL, LLM_API_LITE, GATEWAY -> List.of();
            case JAN_AUTH -> List.of("jan-auth");
            case JAN_REWRITE -> List.of("jan-auth", "jan-rewrite");
            case JAN_QUOTA -> List.of("jan-auth", "jan-rewrite", "jan-quota");
            case ALL -> List.of("jan-auth", "jan-rewrite", "jan-quota", "jan-identity");
        };
    }

    public boolean hasGateway() {
        return this != MODEL && this != LLM_API_LITE;
    }

    public boolean hasService() {
        return this == LLM_API_LITE || this == ALL;
    }

    /** The one whose {@link Platform} has this one too. */
    public Chain startedAs() {
        return hasGateway() ? this : ALL;
    }
}
