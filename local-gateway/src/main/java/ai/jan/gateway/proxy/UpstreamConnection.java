// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.jan.kong.testkit.Deadline;
import java.io.EOFException;
import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One connection to a service, used for one request at a time. */
final class UpstreamConnection implements AutoCloseable {
    /**
     * Where a connection leads; connections to equal places may be used for each other's requests.
     */
    record Place(String scheme, InetSocketAddress address, String serverName) {}

    private static final int MAX_HEAD = 4 * 1024; // nginx's proxy_buffer_size
    private static final Flushable NOTHING = () -> {};
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/(\\d)\\.(\\d+) +(\\d{3})(?: (.*))?");

    private final Place place;
    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream in;
    private final GuardedOutput out;
    private final Deadline reading;
    private int readTimeout;
    private Flushable relayed = NOTHING;
    private final byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private boolean reused;
    private long idleSince;

    private UpstreamConnection(
            Place place, SocketChannel channel, Socket socket, ScheduledExecutorService timer)
            throws IOException {
        this.place = place;
        this.channel = channel;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.reading = new Deadline(timer, this::abort);
        this.out =
                new GuardedOutput(
                        socket.getOutputStream(), new Deadline(timer, this::abort), 60_000);
    }

    static UpstreamConnection connect(
            Place place, int timeout, SSLSocketFactory tls, ScheduledExecutorService timer)
            throws IOException {
        var channel = SocketChannel.open();
        try {
            var plain = channel.socket();
            plain.setTcpNoDelay(true);
            plain.connect(place.address(), timeout);
            if (place.scheme().equals("http")) {
                return new UpstreamConnection(place, channel, plain, timer);
            }
            plain.setSoTimeout(timeout);
            var socket =
                    (SSLSocket)
                            tls.createSocket(
                                    plain, place.serverName(), place.address().getPort(), true);
            socket.startHandshake();
            socket.setSoTimeout(0); // from here on there is a deadline
            return new UpstreamConnection(place, channel, socket, timer);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    Place place() {
        return place;
    }

    boolean reused() {
        return reused;
    }

    GuardedOutput out() {
        return out;
    }

    void becomesIdle(long now) {
        idleSince = now;
        relayed = NOTHING;
        reused = true;
    }

    boolean idleFor(long nanos, long now) {
        return now - idleSince > nanos;
    }

    /** Whether the service has closed an idle connection, or sent something nobody asked for. */
    boolean stale() {
        if (!place.scheme().equals("http")) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            int count = channel.read(ByteBuffer.allocate(1));
            channel.configureBlocking(true);
            return count != 0;
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Reads the answer's head, passing over interim ones.
     *
     * @param timeout in milliseconds, for each piece of the answer that comes at once
     * @throws SocketTimeoutException if nothing came for so long; the connection is closed then
     */
    ResponseHead readHead(int timeout) throws IOException, HttpFailure {
        readTimeout = timeout;
        while (true) {
            var head = readOne();
            if (head.http09() || head.status() >= 200 || head.status() == 101) {
                return head;
            }
        }
    }

    private ResponseHead readOne() throws IOException, HttpFailure {
        int first = start;
        var line = line(first);
        var status = STATUS_LINE.matcher(line);
        if (!status.matches()) {
            start = first; // not HTTP: nginx takes all of it for a body
            return new ResponseHead(200, "", new Headers(), true, false);
        }
        var headers = new Headers();
        for (var next = line(first); !next.isEmpty(); next = line(first)) {
            int colon = next.indexOf(':');
            if (colon <= 0 || next.indexOf('\r') >= 0 || next.indexOf('\0') >= 0) {
                throw new EOFException("invalid header");
            }
            headers.add(next.substring(0, colon), next.substring(colon + 1).strip());
        }
        boolean modern = status.group(1).equals("1") && !status.group(2).equals("0");
        var connection = headers.first("Connection").orElse(modern ? "" : "close");
        return new ResponseHead(
                Integer.parseInt(status.group(3)),
                status.group(4) == null ? "" : status.group(4),
                headers,
                false,
                !connection.equalsIgnoreCase("close"));
    }

    private String line(int headStart) throws IOException, HttpFailure {
        int at = start;
        while (true) {
            for (; at < end; at++) {
                if (buffer[at] == '\n') {
                    int length = at - start;
                    if (length > 0 && buffer[at - 1] == '\r') {
                        length--;
                    }
                    var line = new String(buffer, start, length, ISO_8859_1);
                    start = at + 1;
                    return line;
                }
                if (at - headStart >= MAX_HEAD) {
                    throw new HttpFailure(
                            502, "An invalid response was received from the upstream server");
                }
            }
            if (end == buffer.length) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                at -= start;
                headStart -= start;
                end -= start;
                start = 0;
            }
            int count = receive(buffer, end, buffer.length - end);
            if (count < 0) {
                throw new EOFException("the service closed the connection");
            }
            end += count;
        }
    }

    /** From now on flushes where the answer is relayed to, before it waits for more of it. */
    void flushesBeforeWaiting(Flushable target) {
        relayed = target;
    }

    private int receive(byte[] target, int offset, int length) throws IOException {
        relayed.flush();
        reading.begin(readTimeout);
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            if (reading.passed()) {
                var timeout = new SocketTimeoutException("the service sends nothing");
                timeout.initCause(e);
                throw timeout;
            }
            throw e;
        } finally {
            reading.end();
        }
    }

    /** Some bytes of what follows the head, at most {@code length}; or -1 at the end. */
    int read(byte[] target, int length) throws IOException {
        if (start == end) {
            return receive(target, 0, length);
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, target, 0, count);
        start += count;
        return count;
    }

    /** One byte, or -1 at the end. */
    int read() throws IOException {
        if (start == end) {
            start = 0;
            end = Math.max(receive(buffer, 0, buffer.length), 0);
            if (end == 0) {
                return -1;
            }
        }
        return buffer[start++] & 0xff;
    }

    /** Whether everything that came was read. */
    boolean drained() {
        return start == end;
    }

    /** Ends the connection at once, whatever is being read or written. */
    void abort() {
        Sockets.close(channel.socket());
    }

    @Override
    public void close() {
        reading.close();
        out.close();
        Sockets.close(socket);
    }
}
