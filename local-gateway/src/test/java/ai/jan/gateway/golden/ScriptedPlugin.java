// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Target;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.WireTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The external plugins of the recordings, {@code golden} and {@code goldresp}: for each phase they
 * make the calls that their configuration's {@code script} lists, one after the other, whatever
 * Kong may think of them.
 */
final class ScriptedPlugin implements AutoCloseable {
    private static final int MAX_FRAME = 64 << 20;
    private static final Map<String, List<String>> PHASES =
            Map.of(
                    "golden", List.of("rewrite", "access", "log"),
                    "goldresp", List.of("access", "response", "log"),
                    "goldabsent", List.of("access", "log"));

    private final Path folder;
    private final ServerSocketChannel server;
    private final Map<Integer, JsonNode> scripts = new ConcurrentHashMap<>();
    private final AtomicInteger instances = new AtomicInteger();

    ScriptedPlugin(Path folder) throws IOException {
        this.folder = folder;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("golden.sock")));
        Thread.ofPlatform().daemon().name("scripted-plugin").start(this::accept);
    }

    /** The lines of kong.conf that make the plugins known. */
    String conf() throws IOException {
        var conf = new StringBuilder("plugins = bundled,golden,goldresp,goldabsent\n");
        conf.append("pluginserver_names = golden,goldresp,goldabsent\n");
        for (var plugin : PHASES.entrySet()) {
            var name = plugin.getKey();
            var socket = folder.resolve(name.equals("goldabsent") ? "absent.sock" : "golden.sock");
            var dump = Files.writeString(folder.resolve(name + ".json"), dump(name));
            conf.append("pluginserver_%s_socket = %s\n".formatted(name, socket));
            conf.append("pluginserver_%s_query_cmd = cat %s\n".formatted(name, dump));
        }
        return conf.toString();
    }

    private static String dump(String name) {
        return """
        {"Protocol": "ProtoBuf:1", "Plugins": [{"Name": "%s", "Phases": %s, "Version": "1.0.0",
         "Priority": 900, "Schema": {"name": "%s", "fields": [{"config": {"type": "record",
         "fields": [{"script": {"type": "string", "len_min": 0}},
         {"label": {"type": "string"}}]}}]}}]}
        """
                .formatted(name, Json.text(PHASES.getOrDefault(name, List.of())), name);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var channel = server.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            var in = new FrameReader(channel, MAX_FRAME);
            for (var frame = in.next(); frame.isPresent(); frame = in.next()) {
                var call = WireTypes.RPC_CALL.decode(frame.get());
                if (!handle(call.sequence(), call.command().orElseThrow(), in, channel)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // the gateway closed the connection, as it does when a plugin asks for nonsense
        }
    }

    private boolean handle(long sequence, Command command, FrameReader in, SocketChannel channel)
            throws IOException, InterruptedException {
        switch (command) {
            case CmdStartInstance start -> {
                int id = instances.incrementAndGet();
                var config = Json.parse(start.config().toArray());
                var script = config.path("script").asText();
                scripts.put(id, Json.parse(script.isEmpty() ? "{}" : script));
                var status = new InstanceStatus(start.name(), id, Value.nil(), 1);
                answer(channel, RpcReturn.of(sequence, status));
            }
            case CmdHandleEvent event -> {
                var script = scripts.getOrDefault(event.instanceId(), Json.object());
                for (var call : script.path(event.eventName())) {
                    var method = call.get(0).asText();
                    if (method.equals("sleep")) {
                        Thread.sleep(call.get(1).asLong());
                        continue;
                    }
                    new FrameWriter().addCall(method, argument(call.path(1))).flush(channel);
                    if (method.equals("kong.response.exit")) {
                        return false;
                    }
                    in.read();
                }
                new FrameWriter()
                        .add(new byte[0])
                        .add(WireTypes.RPC_RETURN.encode(RpcReturn.of(sequence)))
                        .flush(channel);
            }
            default ->
                    answer(
                            channel,
                            RpcReturn.of(sequence, new InstanceStatus("x", 1, Value.nil(), 1)));
        }
        return true;
    }

    private static void answer(SocketChannel channel, RpcReturn answer) throws IOException {
        new FrameWriter().add(WireTypes.RPC_RETURN.encode(answer)).flush(channel);
    }

    private static byte[] argument(JsonNode spec) throws IOException {
        var first = spec.path(1);
        return switch (spec.path(0).asText()) {
            case "" -> new byte[0];
            case "kv" -> WireTypes.KV.encode(new Kv(first.asText(), Value.of(java(spec.path(2)))));
            case "s" -> WireTypes.STRING.encode(first.asText());
            case "bytes" -> WireTypes.BYTE_STRING.encode(Bytes.of(first.asText().getBytes(UTF_8)));
            case "i" -> WireTypes.INT.encode(first.asInt());
            case "struct" -> WireTypes.STRUCT.encode((Struct) Value.of(java(first)));
            case "list" -> WireTypes.LIST_VALUE.encode((ListValue) Value.of(java(first)));
            case "target" ->
                    WireTypes.TARGET.encode(new Target(first.asText(), spec.path(2).asInt()));
            case "hex" -> HexFormat.of().parseHex(first.asText());
            case "exit" ->
                    WireTypes.EXIT_ARGS.encode(
                            new ExitArgs(
                                    first.asInt(),
                                    Bytes.of(spec.path(2).asText("").getBytes(UTF_8)),
                                    spec.path(3).isObject()
                                            ? (Struct) Value.of(java(spec.path(3)))
                                            : null));
            default -> throw new IOException("unknown argument: " + spec);
        };
    }

    private static @Nullable Object java(JsonNode json) throws IOException {
        return json.isMissingNode() || json.isNull() ? null : Json.read(json, Object.class);
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(folder.resolve("golden.sock"));
    }
}
