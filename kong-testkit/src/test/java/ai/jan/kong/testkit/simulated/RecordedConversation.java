// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.Command;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.wire.WireException;
import ai.jan.kong.pdk.wire.WireTypes;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A recorded conversation, cut into what belongs together: each command of Kong and what both sides
 * said until the next one on that connection. All that a test needs to know of it is found out from
 * the record itself.
 */
record RecordedConversation(JsonNode record, List<Exchange> exchanges) {
    /** Frames that follow each other faster than that are in one write. */
    private static final long TOGETHER_MS = 50;

    /** Kong waits ten seconds for an instance that another request is starting. */
    private static final long CLAIM_MS = 9000;

    /**
     * Something that one side said, or no bytes for the end of the connection.
     *
     * @param pauseMs how long the other side had to wait for it; 0 if that was next to nothing
     */
    record Step(boolean fromKong, Optional<byte[]> bytes, long pauseMs, boolean byteByByte) {}

    /** A command and what came of it. */
    record Exchange(int connection, long atMs, RpcCall call, byte[] frame, List<Step> steps) {
        Command command() {
            return call.command().orElseThrow();
        }

        /** Whether it says something that came later than the command itself. */
        long endMs() {
            return atMs + steps.stream().mapToLong(Step::pauseMs).sum();
        }

        /** The id of the instance that this command started. */
        OptionalInt started() {
            if (!(command() instanceof CmdStartInstance)) {
                return OptionalInt.empty();
            }
            for (var step : steps) {
                if (!step.fromKong() && step.bytes().isPresent()) {
                    return statusId(step.bytes().get());
                }
            }
            return OptionalInt.empty();
        }

        private static OptionalInt statusId(byte[] frame) {
            try {
                var status = WireTypes.RPC_RETURN.decode(frame).instanceStatus();
                return status == null ? OptionalInt.empty() : OptionalInt.of(status.instanceId());
            } catch (WireException e) {
                return OptionalInt.empty();
            }
        }

        /** The instance that this command is about. */
        OptionalInt instance() {
            return switch (command()) {
                case CmdHandleEvent event -> OptionalInt.of(event.instanceId());
                case CmdCloseInstance close -> OptionalInt.of(close.instanceId());
                default -> started();
            };
        }
    }

    static RecordedConversation of(JsonNode record) {
        var exchanges = new ArrayList<Exchange>();
        Map<Integer, Parser> connections = new TreeMap<>();
        for (var frame : record.path("frames")) {
            connections
                    .computeIfAbsent(frame.path("conn").asInt(), Parser::new)
                    .add(frame, exchanges);
        }
        return new RecordedConversation(record, List.copyOf(exchanges));
    }

    /** Reads the frames of one connection. */
    private static final class Parser {
        private final int connection;
        private long lastMs;
        private Optional<PluginTalk> talk = Optional.empty();
        private List<Step> steps = List.of();

        Parser(int connection) {
            this.connection = connection;
        }

        void add(JsonNode frame, List<Exchange> exchanges) {
            long at = frame.path("t_ms").asLong();
            boolean fromKong = frame.path("dir").asText().equals("kong>plugin");
            var bytes = Golden.bytes(frame, "frame_hex");
            boolean command =
                    fromKong && bytes.isPresent() && talk.map(PluginTalk::isIdle).orElse(true);
            if (command) {
                talk = Optional.of(new PluginTalk(call(bytes.get()).command().orElseThrow()));
                steps = new ArrayList<>();
                exchanges.add(new Exchange(connection, at, call(bytes.get()), bytes.get(), steps));
            } else if (talk.isPresent()) { // else it is left over from the record before
                long pause = fromKong || at - lastMs < TOGETHER_MS ? 0 : at - lastMs;
                boolean slow = frame.path("note").asText().contains("byte by byte");
                steps.add(new Step(fromKong, bytes, slow ? 0 : pause, slow));
                bytes.ifPresent(content -> talk.get().next(fromKong, content));
            }
            lastMs = at;
        }
    }

    private static RpcCall call(byte[] frame) {
        try {
            return WireTypes.RPC_CALL.decode(frame);
        } catch (WireException e) {
            throw new AssertionError("a command that cannot be read", e);
        }
    }

    /** The plugins that are started; the recorder's usual one if none is. */
    List<String> plugins() {
        var names =
                exchanges.stream()
                        .filter(exchange -> exchange.command() instanceof CmdStartInstance)
                        .map(exchange -> ((CmdStartInstance) exchange.command()).name())
                        .distinct()
                        .toList();
        return names.isEmpty() ? List.of("rec") : names;
    }

    String id() {
        return record.path("id").asText();
    }

    /** The status that the client got, if it was one request. */
    OptionalInt status() {
        return record.path("response").has("status")
                ? OptionalInt.of(record.path("response").path("status").asInt())
                : OptionalInt.empty();
    }

    /** Kong's workers, each with the exchanges that are its own: the instances tell them apart. */
    List<List<Exchange>> workers() {
        Map<Integer, Integer> workerOfConnection = new LinkedHashMap<>();
        Map<Integer, Integer> workerOfInstance = new LinkedHashMap<>();
        for (var exchange : exchanges) {
            int connection = exchange.connection();
            int worker = workerOfConnection.getOrDefault(connection, connection);
            if (exchange.instance().isPresent()) {
                int id = exchange.instance().getAsInt();
                int other = workerOfInstance.getOrDefault(id, worker);
                int one = Math.min(other, worker);
                int gone = Math.max(other, worker);
                workerOfConnection.replaceAll((_, at) -> at == gone ? one : at);
                workerOfInstance.replaceAll((_, at) -> at == gone ? one : at);
                workerOfInstance.put(id, one);
                worker = one;
            }
            workerOfConnection.put(connection, worker);
        }
        if (status().isPresent()) {
            return exchanges.isEmpty() ? List.of() : List.of(exchanges); // one request, one worker
        }
        Map<Integer, List<Exchange>> workers = new TreeMap<>();
        for (var exchange : exchanges) {
            workers.computeIfAbsent(
                            workerOfConnection.get(exchange.connection()), _ -> new ArrayList<>())
                    .add(exchange);
        }
        return List.copyOf(workers.values());
    }

    /** Whether the first request had to wait for one that had begun to start the instance. */
    boolean beginsWithAStuckStart() {
        return !exchanges.isEmpty()
                && exchanges.getFirst().atMs() >= CLAIM_MS
                && exchanges.getFirst().command() instanceof CmdStartInstance;
    }

    /** Whether events of several requests were under way at once. */
    boolean isConcurrent() {
        for (int i = 1; i < exchanges.size(); i++) {
            var before = exchanges.get(i - 1);
            var now = exchanges.get(i);
            if (before.connection() != now.connection() && now.atMs() < before.endMs()) {
                return status().isEmpty();
            }
        }
        return false;
    }

    /** Kong's own read time-out, if it was set. */
    OptionalLong readTimeoutMs() {
        var text = record.path("conf").path("nginx_http_lua_socket_read_timeout").asText();
        return text.matches("[0-9]+s")
                ? OptionalLong.of(Long.parseLong(text.replace("s", "")) * 1000)
                : OptionalLong.empty();
    }
}
