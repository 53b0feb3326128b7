// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

/**
 * What a request uses, or may use at most.
 *
 * @param requests how many requests it counts as
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens that are generated
 */
public record Amount(long requests, long promptTokens, long completionTokens) {
    private static final long MOST = 1_000_000_000_000L;

    public Amount {
        if (outside(requests) || outside(promptTokens) || outside(completionTokens)) {
            throw new IllegalArgumentException("not an amount a request can have");
        }
    }

    /** One request that uses no tokens. */
    public static Amount ofRequests(long requests) {
        return new Amount(requests, 0, 0);
    }

    public long tokens() {
        return promptTokens + completionTokens;
    }

    /** The same with more tokens in the prompt. */
    public Amount plusPrompt(long tokens) {
        return new Amount(requests, promptTokens + tokens, completionTokens);
    }

    private static boolean outside(long value) {
        return value < 0 || value > MOST;
    }
}
