// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.streams;

import ai.jan.bench.streams.SlowModel.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One stream, read to its end.
 *
 * @param firstToken nanoseconds from the request to the first token
 * @param tokens nanoseconds that each token took from the model to here
 */
record TokenStream(long firstToken, List<Long> tokens) {
    private static final String STAMP = "\"content\":\"";
    private static final int BUFFER = 4096;

    /**
     * @throws IOException if it is not complete
     */
    static TokenStream read(Target target, String user, int count, int pauseMillis)
            throws IOException {
        try (var socket = target.connect()) {
            var request = target.chat(user, true, count, pauseMillis, Phase.NEVER);
            var input = socket.getInputStream();
            long begin = System.nanoTime();
            socket.getOutputStream().write(request);
            var tokens = new ArrayList<Long>(count);
            var text = new StringBuilder();
            var buffer = new byte[BUFFER];
            long first = 0;
            while (text.indexOf("[DONE]") < 0) {
                int read = input.read(buffer);
                long now = System.nanoTime();
                if (read < 0) {
                    throw new IOException("ended after " + tokens.size() + " tokens: " + text);
                }
                text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                for (int at; (at = text.indexOf(STAMP)) >= 0; ) {
                    int end = text.indexOf("\"", at + STAMP.length());
                    if (end < 0) {
                        break;
                    }
                    tokens.add(now - Long.parseLong(text.substring(at + STAMP.length(), end)));
                    text.delete(0, end);
                    first = first == 0 ? now - begin : first;
                }
            }
            if (tokens.size() != count) {
                throw new IOException(tokens.size() + " tokens instead of " + count);
            }
            return new TokenStream(first, tokens);
        }
    }
}
