// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

/**
 * What is charged, in billionths of the currency's unit.
 *
 * @param fixed for the whole, whatever is used
 * @param perPromptToken for each token of the prompt
 * @param perCompletionToken for each token that is generated
 */
public record Price(long fixed, long perPromptToken, long perCompletionToken) {
    public static final Price FREE = new Price(0, 0, 0);

    /** Far above every sum that means something, and far from an overflow. */
    private static final long MOST = 1_000_000_000_000_000_000L;

    public Price {
        if (fixed < 0 || perPromptToken < 0 || perCompletionToken < 0) {
            throw new IllegalArgumentException("a price is not negative");
        }
    }

    /** The price of an amount. */
    public long of(Amount amount) {
        double sum =
                (double) fixed
                        + (double) perPromptToken * amount.promptTokens()
                        + (double) perCompletionToken * amount.completionTokens();
        return sum >= MOST
                ? MOST
                : fixed
                        + perPromptToken * amount.promptTokens()
                        + perCompletionToken * amount.completionTokens();
    }
}
