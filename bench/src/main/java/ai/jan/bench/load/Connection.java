// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, opened again when the other side has closed it. As little as will do, so
 * that what is measured is not the client. For one thread.
 */
final class Connection implements AutoCloseable {
    private static final int TIMEOUT_MS = 120_000;

    private final Target target;
    private final byte[] buffer = new byte[16 * 1024];
    private @Nullable Socket socket;
    private @Nullable InputStream input;
    private int from;
    private int to;

    Connection(Target target) {
        this.target = target;
    }

    /**
     * Asks, and reads the answer to its end.
     *
     * @param due when it was to be asked, by {@link System#nanoTime}
     */
    void ask(Chat chat, long due, Seen seen) {
        try {
            if (socket == null) {
                open();
            }
            if (socket != null) {
                socket.getOutputStream().write(chat.bytes(target));
            }
            var tokens = new Tokens(due, seen);
            int status = answer(tokens);
            if (status == 200 && (!chat.stream() || tokens.isComplete())) {
                seen.answered(System.nanoTime() - due);
            } else {
                seen.failed(status == 200 ? "cut short" : String.valueOf(status));
            }
        } catch (IOException e) {
            seen.failed(String.valueOf(e.getMessage()));
            close();
        }
    }

    private void open() throws IOException {
        var opened = target.connect();
        opened.setSoTimeout(TIMEOUT_MS);
        socket = opened;
        input = opened.getInputStream();
        from = 0;
        to = 0;
    }

    private int answer(Tokens tokens) throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        long length = -1;
        boolean chunked = false;
        boolean last = false;
        for (var line = line(); !line.isEmpty(); line = line()) {
            var lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            } else if (lower.startsWith("connection:")) {
                last = lower.contains("close");
            }
        }
        if (chunked) {
            for (int size = size(); size > 0; size = size()) {
                body(size, tokens);
                var _ = line();
            }
            var _ = line();
        } else if (length >= 0) {
            body(length, tokens);
        } else {
            last = true;
            while (fill()) {
                tokens.come(buffer, from, to);
                from = to;
            }
        }
        if (last) {
            close();
        }
        return status;
    }

    private int size() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private void body(long length, Tokens tokens) throws IOException {
        for (long left = length; left > 0; ) {
            if (from == to && !fill()) {
                throw new EOFException("closed inside an answer");
            }
            int count = (int) Math.min(left, to - from);
            tokens.come(buffer, from, from + count);
            from += count;
            left -= count;
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            if (from == to && !fill()) {
                throw new EOFException("closed");
            }
            byte next = buffer[from++];
            if (next == '\n') {
                int end = line.length() - 1;
                return end >= 0 && line.charAt(end) == '\r'
                        ? line.substring(0, end)
                        : line.toString();
            }
            line.append((char) next);
        }
    }

    private boolean fill() throws IOException {
        int count = input == null ? -1 : input.read(buffer);
        from = 0;
        to = Math.max(count, 0);
        return count > 0;
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // nobody waits for anything from it
        }
        socket = null;
        input = null;
    }

    /** Finds the moments that the model has written into its tokens. */
    private static final class Tokens {
        private final long due;
        private final Seen seen;
        private final StringBuilder rest = new StringBuilder();
        private long previous;
        private boolean complete;

        Tokens(long due, Seen seen) {
            this.due = due;
            this.seen = seen;
        }

        boolean isComplete() {
            return complete;
        }

        void come(byte[] bytes, int start, int end) {
            long now = System.nanoTime();
            rest.append(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1));
            int at;
            while ((at = rest.indexOf("\"@")) >= 0) {
                int stop = rest.indexOf(";", at);
                if (stop < 0) {
                    break;
                }
                if (previous == 0) {
                    seen.first(now - due);
                }
                seen.token(Long.parseLong(rest.substring(at + 2, stop)), now, previous);
                previous = now;
                rest.delete(0, stop);
            }
            complete |= rest.indexOf("[DONE]") >= 0;
            if (at < 0 && rest.length() > 64) {
                rest.delete(0, rest.length() - 64); // a token may have come in part
            }
        }
    }
}
