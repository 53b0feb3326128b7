// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.WireException;
import ai.jan.kong.pdk.wire.WireTypes;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** One connection of a Kong worker to a plugin server. For one conversation at a time. */
final class KongConnection implements AutoCloseable {
    private static final int MAX_FRAME = 1 << 30;

    private final SocketChannel channel;
    private final FrameReader reader;
    private final FrameWriter writer = new FrameWriter();
    private final long timeout;
    private final Deadline deadline;
    private int piece = Integer.MAX_VALUE;

    private KongConnection(
            SocketChannel channel, Duration timeout, ScheduledExecutorService timer) {
        this.channel = channel;
        this.reader = new FrameReader(channel, MAX_FRAME);
        this.timeout = timeout.toMillis();
        this.deadline = new Deadline(timer, this::close);
    }

    static KongConnection open(Path socket, Duration timeout, ScheduledExecutorService timer)
            throws PluginServerFailure {
        try {
            return new KongConnection(
                    SocketChannel.open(UnixDomainSocketAddress.of(socket)), timeout, timer);
        } catch (IOException e) {
            throw new PluginServerFailure("trying to connect: " + e.getMessage(), e);
        }
    }

    void send(long sequence, Command command) throws PluginServerFailure {
        send(WireTypes.RPC_CALL.encode(RpcCall.of(sequence, command)));
    }

    void send(byte[] frame) throws PluginServerFailure {
        timed(() -> {
            writer.add(frame).flush(piece == Integer.MAX_VALUE ? channel : pieces());
            return frame;
        });
    }

    /** From now on sends at most that many bytes at a time. */
    void sendInPieces(int bytes) {
        piece = bytes;
    }

    /** Sends a frame that ends too early, and closes. */
    void sendHalf(byte[] frame) throws PluginServerFailure {
        timed(() -> {
            var bytes =
                    ByteBuffer.allocate(4 + frame.length / 2)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(frame.length + 1)
                            .put(frame, 0, frame.length / 2)
                            .flip();
            channel.write(bytes);
            return frame;
        });
        close();
    }

    private WritableByteChannel pieces() {
        return new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                int count = Math.min(piece, bytes.remaining());
                int written = channel.write(bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + written);
                return written;
            }

            @Override
            public boolean isOpen() {
                return channel.isOpen();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    byte[] receive() throws PluginServerFailure {
        return timed(reader::read);
    }

    /** Input or output. */
    @FunctionalInterface
    private interface Transfer {
        byte[] run() throws IOException;
    }

    /** A server that has stopped neither sends nor takes anything. */
    private byte[] timed(Transfer transfer) throws PluginServerFailure {
        deadline.begin(timeout);
        try {
            return transfer.run();
        } catch (IOException e) {
            throw failure(e);
        } finally {
            deadline.end();
        }
    }

    /** The end of a command. */
    void receiveReturn(long sequence) throws PluginServerFailure {
        returned(receive(), sequence);
    }

    /** The status of an instance that was started. */
    static InstanceStatus statusOf(byte[] frame, long sequence) throws PluginServerFailure {
        var status = returned(frame, sequence).instanceStatus();
        if (status == null) {
            throw new PluginServerFailure("an answer without an instance");
        }
        return status;
    }

    /** The end of a command that was received. */
    static RpcReturn returned(byte[] frame, long sequence) throws PluginServerFailure {
        try {
            var answer = WireTypes.RPC_RETURN.decode(frame);
            if (answer.sequence() != sequence) {
                throw new PluginServerFailure(
                        "sequence " + answer.sequence() + " instead of " + sequence);
            }
            return answer;
        } catch (WireException e) {
            throw new PluginServerFailure("not an RpcReturn: " + e.getMessage(), e);
        }
    }

    /** Whether it can serve another conversation: open, and nothing unread on it. */
    boolean isReusable() {
        if (reader.hasBuffered()) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            boolean quiet = channel.read(ByteBuffer.allocate(1)) == 0;
            channel.configureBlocking(true);
            return quiet;
        } catch (IOException e) {
            return false;
        }
    }

    private PluginServerFailure failure(IOException cause) {
        if (deadline.passed()) {
            return new PluginServerFailure("timeout", cause);
        }
        return switch (cause) {
            case EOFException _ -> new PluginServerFailure("closed", cause);
            case ClosedChannelException _ -> new PluginServerFailure("interrupted", cause);
            default -> new PluginServerFailure(String.valueOf(cause.getMessage()), cause);
        };
    }

    @Override
    public void close() {
        deadline.close();
        try {
            channel.close();
        } catch (IOException e) {
            // closed either way
        }
    }
}
