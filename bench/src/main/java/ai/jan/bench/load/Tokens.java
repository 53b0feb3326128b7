// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

/** Finds the moments that the model has written into its tokens: {@code "@123;}. */
final class Tokens {
    private static final int OUTSIDE = 0;
    private static final int QUOTED = 1;
    private static final int DIGITS = 2;

    private final Seen seen;
    private int state;
    private long moment;
    private long due;
    private long previousSent;
    private long previousCame;

    Tokens(Seen seen) {
        this.seen = seen;
    }

    /**
     * Begins the next answer.
     *
     * @param moment when it was to be asked for
     */
    void begin(long moment) {
        due = moment;
        state = OUTSIDE;
        previousCame = 0;
    }

    /** Whether any token has come. */
    boolean haveCome() {
        return previousCame != 0;
    }

    /**
     * @param now when these bytes came
     */
    void come(byte[] bytes, int from, int to, long now) {
        for (int i = from; i < to; i++) {
            byte next = bytes[i];
            if (state == OUTSIDE) {
                if (next == '"') {
                    state = QUOTED;
                }
            } else if (state == QUOTED) {
                state = next == '@' ? DIGITS : next == '"' ? QUOTED : OUTSIDE;
                moment = 0;
            } else if (next >= '0' && next <= '9') {
                moment = moment * 10 + (next - '0');
            } else {
                state = next == '"' ? QUOTED : OUTSIDE;
                if (next == ';') {
                    token(now);
                }
            }
        }
    }

    private void token(long now) {
        if (previousCame == 0) {
            seen.first(now - due);
            seen.token(now - moment);
        } else {
            seen.token(now - moment, now - previousCame, moment - previousSent);
        }
        previousSent = moment;
        previousCame = now;
    }
}
