// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.model;

import ai.jan.bench.loop.EventLoop;
import ai.jan.bench.model.Script.Silence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One connection to the {@link MockModel}: one request after the other. Within the loop only. */
final class ModelConnection implements EventLoop.Ready {
    private static final int FIRST_BUFFER = 4096;
    private static final int MAX_REQUEST = 64 * 1024 * 1024;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final MockModel model;
    private final EventLoop loop;
    private final SocketChannel channel;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private @Nullable SelectionKey key;
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int filled;
    private @Nullable Answer answer;

    ModelConnection(MockModel model, EventLoop loop, SocketChannel channel) {
        this.model = model;
        this.loop = loop;
        this.channel = channel;
    }

    void register() throws IOException {
        key = loop.register(channel, SelectionKey.OP_READ, this);
    }

    /** What is being answered. */
    private final class Answer {
        private final Script script;
        private final boolean stream;
        private final boolean usage;
        private final long begun = System.nanoTime();
        private int sent;
        private boolean isStuck;

        Answer(Script script, boolean stream, boolean usage) {
            this.script = script;
            this.stream = stream;
            this.usage = usage;
        }

        void begin(int bytes) {
            model.begins(script, bytes);
            if (script.silent() == Silence.BEFORE_HEAD) {
                return;
            }
            if (script.status() >= 400) {
                loop.at(begun + script.first().toNanos(), () -> end(Wire.error(script.status())));
            } else if (!stream) {
                long all = script.first().toNanos() + script.gap().toNanos() * script.tokens();
                loop.at(begun + all, () -> end(Wire.completion(script.tokens())));
            } else {
                send(Wire.streamHead());
                if (script.silent() != Silence.BEFORE_FIRST_TOKEN) {
                    next();
                }
            }
        }

        private void next() {
            long moment = begun + script.first().toNanos() + script.gap().toNanos() * sent;
            loop.at(moment, this::token);
        }

        private void token() {
            if (answer != this) {
                return; // the client has left
            }
            if (!unsent.isEmpty()) {
                isStuck = true; // what nobody reads is not made
                model.isStuck(script, true);
                return;
            }
            sent++;
            send(Wire.token(System.nanoTime(), script.letters()));
            if (sent >= script.tokens()) {
                end(Wire.streamEnd(usage ? script.tokens() : -1));
            } else if (sent < 2 || script.silent() != Silence.BETWEEN_TOKENS) {
                next();
            }
        }

        void flushed() {
            if (isStuck) {
                isStuck = false;
                model.isStuck(script, false);
                token();
            }
        }

        private void end(byte[] last) {
            if (answer != this) {
                return;
            }
            answer = null;
            model.ends();
            send(last);
        }
    }

    @Override
    public void ready() {
        try {
            if (key != null && key.isWritable()) {
                flush();
                if (answer != null && unsent.isEmpty()) {
                    answer.flushed();
                }
            }
            if (key != null && key.isValid() && key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            leave();
        }
    }

    private void read() throws IOException {
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int count = channel.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled));
        if (count < 0) {
            leave();
            return;
        }
        filled += count;
        while (answer == null && takeRequest()) {
            // clients of HTTP/1.1 may send the next one already
        }
    }

    private boolean takeRequest() throws IOException {
        int headEnd = indexOf(HEAD_END);
        if (headEnd < 0) {
            return false;
        }
        var head = new String(buffer, 0, headEnd, StandardCharsets.ISO_8859_1);
        int length = contentLength(head);
        int from = headEnd + HEAD_END.length;
        if (length > MAX_REQUEST) {
            throw new IOException("the request is too long");
        }
        if (filled < from + length) {
            return false;
        }
        var body = new String(buffer, from, length, StandardCharsets.ISO_8859_1);
        System.arraycopy(buffer, from + length, buffer, 0, filled - from - length);
        filled -= from + length;
        carryOut(head, body);
        return true;
    }

    private void carryOut(String head, String body) {
        if (head.startsWith("POST /v1/chat/completions ")) {
            answer =
                    new Answer(
                            Script.in(body),
                            body.contains("\"stream\":true") || body.contains("\"stream\": true"),
                            body.contains("include_usage"));
            answer.begin(body.length());
        } else if (head.startsWith("GET /v1/models ")) {
            send(Wire.models());
        } else if (head.startsWith("GET /metrics ")) {
            send(Wire.metrics(model.running()));
        } else if (head.startsWith("GET /health ")) {
            send(Wire.json(200, "{}"));
        } else {
            send(Wire.error(404));
        }
    }

    private void send(byte[] bytes) {
        unsent.add(ByteBuffer.wrap(bytes));
        try {
            flush();
        } catch (IOException e) {
            leave();
        }
    }

    private void flush() throws IOException {
        for (var first = unsent.peek(); first != null; first = unsent.peek()) {
            channel.write(first);
            if (first.hasRemaining()) {
                break;
            }
            unsent.remove();
        }
        if (key != null && key.isValid()) {
            key.interestOps(
                    unsent.isEmpty()
                            ? SelectionKey.OP_READ
                            : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private void leave() {
        if (answer != null) {
            model.isLeft(answer.script);
            answer = null;
        }
        try {
            channel.close();
        } catch (IOException e) {
            System.err.println("a connection was closed badly: " + e);
        }
    }

    private int indexOf(byte[] wanted) {
        for (int i = 0; i + wanted.length <= filled; i++) {
            if (Arrays.equals(buffer, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    private static int contentLength(String head) {
        for (var line : head.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return 0;
    }
}
