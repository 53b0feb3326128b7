// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.WireTypes;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A plugin server that behaves as a test says, to see what a worker makes of it. */
final class FakePluginServer implements AutoCloseable {
    /** What the server does with one command; true to keep the connection. */
    @FunctionalInterface
    interface Behaviour {
        boolean carryOut(Talk talk) throws IOException;
    }

    /** One command and the connection it came on. */
    record Talk(RpcCall call, FrameReader reader, FrameWriter writer, SocketChannel channel) {
        void send(byte[] frame) throws IOException {
            writer.add(frame).flush(channel);
        }

        boolean end() throws IOException {
            writer.add(new byte[0]);
            send(WireTypes.RPC_RETURN.encode(RpcReturn.of(call.sequence())));
            return true;
        }

        boolean started(int id) throws IOException {
            send(
                    WireTypes.RPC_RETURN.encode(
                            RpcReturn.of(
                                    call.sequence(), new InstanceStatus("p", id, Value.nil(), 1))));
            return true;
        }
    }

    final List<String> commands = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    volatile Behaviour onStart = talk -> talk.started(7);
    volatile Behaviour onEvent = Talk::end;
    private final ServerSocketChannel server;

    FakePluginServer(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                var channel = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // closed at the end of the test
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            var reader = new FrameReader(channel, 1 << 20);
            var writer = new FrameWriter();
            for (var frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                var call = WireTypes.RPC_CALL.decode(frame.get());
                var talk = new Talk(call, reader, writer, channel);
                if (!carryOut(talk)) {
                    return;
                }
            }
        } catch (IOException e) {
            // the worker has gone
        }
    }

    private boolean carryOut(Talk talk) throws IOException {
        return switch (talk.call().command().orElseThrow()) {
            case CmdStartInstance start -> {
                commands.add("start " + start.config().utf8());
                yield onStart.carryOut(talk);
            }
            case CmdHandleEvent event -> {
                commands.add("event " + event.instanceId() + " " + event.eventName());
                yield onEvent.carryOut(talk);
            }
            case CmdCloseInstance close -> {
                commands.add("close " + close.instanceId());
                talk.send(WireTypes.RPC_RETURN.encode(RpcReturn.of(talk.call().sequence())));
                yield true;
            }
            default -> throw new IOException("Kong never sends that");
        };
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
