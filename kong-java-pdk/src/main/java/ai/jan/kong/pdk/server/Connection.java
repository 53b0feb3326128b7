// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdGetInstanceStatus;
import ai.jan.kong.pdk.message.CmdGetPluginInfo;
import ai.jan.kong.pdk.message.CmdGetPluginNames;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.WireException;
import ai.jan.kong.pdk.wire.WireTypes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a Kong worker: one command after the other, on a thread of its own. */
final class Connection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final byte[] NO_ARGUMENT = {};

    private enum Activity {
        IDLE,
        BUSY,
        STOPPING
    }

    private final SocketChannel channel;
    private final FrameReader reader;
    private final FrameWriter writer = new FrameWriter();
    private final Commands commands;
    private final Attention attention;
    private final AtomicReference<Activity> activity = new AtomicReference<>(Activity.IDLE);

    Connection(SocketChannel channel, int maxFrame, Commands commands, Attention attention) {
        this.channel = channel;
        this.reader = new FrameReader(new Input(), maxFrame);
        this.commands = commands;
        this.attention = attention;
    }

    /** What comes from Kong: answers while a command is carried out, else the next command. */
    private final class Input implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer buffer) throws IOException {
            return activity.get() == Activity.IDLE
                    ? attention.readCommand(channel, buffer)
                    : attention.readAnswer(channel, buffer);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void run() {
        try (channel) {
            while (true) {
                var frame = reader.next();
                if (frame.isEmpty() || !activity.compareAndSet(Activity.IDLE, Activity.BUSY)) {
                    return;
                }
                var call = WireTypes.RPC_CALL.decode(frame.get());
                var command =
                        call.command()
                                .orElseThrow(() -> new WireException("a command we do not know"));
                if (!attend(call.sequence(), command)
                        || !activity.compareAndSet(Activity.BUSY, Activity.IDLE)) {
                    return;
                }
            }
        } catch (WireException e) {
            LOG.warn("closing a connection that does not speak the protocol: {}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("a connection has ended: {}", e.toString());
        } catch (Throwable e) { // one connection's trouble must not become another's
            LOG.error("a connection failed", e);
        }
    }

    /** Lets a running command end and closes the connection then, or at once if there is none. */
    void stop() {
        if (activity.getAndSet(Activity.STOPPING) == Activity.IDLE) {
            close();
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection was closed badly: {}", e.toString());
        }
    }

    private boolean attend(long sequence, Command command) throws IOException {
        attention.begin();
        try {
            return carryOut(sequence, command);
        } finally {
            attention.end();
        }
    }

    /**
     * @return whether the connection can be used for the next command
     */
    private boolean carryOut(long sequence, Command command) throws IOException {
        switch (command) {
            case CmdHandleEvent event -> {
                return handle(sequence, event);
            }
            case CmdStartInstance start ->
                    answer(RpcReturn.of(sequence, commands.instances().start(start).status()));
            case CmdCloseInstance close -> {
                commands.instances().close(close.instanceId());
                answer(RpcReturn.of(sequence));
            }
            case CmdGetInstanceStatus get ->
                    answer(
                            commands.instances()
                                    .find(get.instanceId())
                                    .map(instance -> RpcReturn.of(sequence, instance.status()))
                                    .orElseGet(() -> RpcReturn.of(sequence)));
            case CmdGetPluginNames _ -> answer(RpcReturn.of(sequence, commands.names()));
            case CmdGetPluginInfo get ->
                    answer(
                            commands.describe(get.name())
                                    .map(plugin -> RpcReturn.of(sequence, plugin))
                                    .orElseGet(() -> RpcReturn.of(sequence)));
        }
        return true;
    }

    private boolean handle(long sequence, CmdHandleEvent event) throws IOException {
        var phase = Phase.of(event.eventName());
        if (phase.isEmpty()) {
            refuse(FailureAnswers.withoutTriggers("plugin-error: no phase " + event.eventName()));
            return false;
        }
        var instance = commands.instances().find(event.instanceId());
        if (instance.isEmpty()) {
            refuse("no plugin instance " + event.instanceId()); // makes Kong start a new one
            return false;
        }
        var pipeline = new Pipeline(channel, reader, writer);
        var calls = new EventCalls(phase.get(), sequence, pipeline);
        return commands.events().run(instance.get(), calls);
    }

    private void answer(RpcReturn message) throws IOException {
        writer.add(WireTypes.RPC_RETURN.encode(message)).flush(channel);
    }

    /**
     * The only way to say something to Kong: a method that it does not have. It answers the request
     * with 500, or starts a new instance if that is what is missing.
     */
    private void refuse(String text) throws IOException {
        writer.addCall(text, NO_ARGUMENT).flush(channel);
    }
}
