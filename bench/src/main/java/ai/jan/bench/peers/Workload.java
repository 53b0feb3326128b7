// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.load.Chat;
import ai.jan.bench.model.Script;
import java.time.Duration;
import java.util.List;

/**
 * What is asked of each, and by how many at once; each asks again as soon as it has its answer.
 *
 * @param id in {@code peers.json}
 * @param title in {@code peers.md}
 */
record Workload(String id, String title, Chat chat, int connections) {
    private static final int TOKENS = 128;
    private static final Duration GAP = Duration.ofMillis(20);
    private static final int KILOBYTE =
            900; // of text; the rest of a request or an answer makes it one
    private static final int ANSWER_TOKENS = 150; // of five characters in a whole answer

    static final Workload WHOLE_1 =
            whole("whole-1", "1 KB asked, 1 KB answered at once, 1 connection", 1);
    static final Workload WHOLE_32 =
            whole("whole-32", "1 KB asked, 1 KB answered at once, 32 connections", 32);
    static final Workload TOKENS_8 =
            new Workload(
                    "tokens-8",
                    "streams of 128 tokens without a pause, 8 connections",
                    new Chat(Script.QUICK.withTokens(TOKENS), true, KILOBYTE),
                    8);
    static final Workload PACED_8 =
            new Workload(
                    "paced-8",
                    "streams of 128 tokens, one every 20 ms, 8 connections",
                    new Chat(Script.QUICK.withTokens(TOKENS).withTimes(GAP, GAP), true, KILOBYTE),
                    8);

    static final List<Workload> ALL = List.of(WHOLE_1, WHOLE_32, TOKENS_8, PACED_8);

    private static Workload whole(String id, String title, int connections) {
        return new Workload(
                id,
                title,
                new Chat(Script.QUICK.withTokens(ANSWER_TOKENS), false, KILOBYTE),
                connections);
    }

    boolean isStream() {
        return chat.stream();
    }
}
