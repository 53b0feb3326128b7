// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A plugin server to measure.
 *
 * @param name short, for tables
 * @param command starts it, given the socket's path
 * @param protocol Kong's side of a connection to it
 */
record Peer(
        String name,
        Function<Path, List<String>> command,
        Function<Script, Conversation> protocol) {
    static final String PLUGIN = "bench-calls";
    static final String SOCKET = PLUGIN + ".socket";

    /**
     * Ours.
     *
     * @param options of the JVM
     */
    static Peer java(String name, List<String> options) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Peer(
                name,
                socket -> {
                    var command = new ArrayList<>(List.of(java));
                    command.addAll(options);
                    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
                    command.add(CallsPlugin.class.getName());
                    command.addAll(List.of("serve", "--socket", socket.toString()));
                    return command;
                },
                script -> new ProtoBufConversation(PLUGIN, script));
    }

    /** go-pdk, which makes its socket's name from its own. */
    static Peer go(Path executable) {
        return new Peer(
                "go-pdk",
                socket -> List.of(executable.toString(), "-kong-prefix", directory(socket)),
                script -> new ProtoBufConversation(PLUGIN, script));
    }

    /**
     * kong-pdk for Python.
     *
     * @param options its choice of concurrency
     */
    static Peer python(String name, Path interpreter, Path plugin, List<String> options) {
        return new Peer(
                name,
                socket -> {
                    var command =
                            new ArrayList<>(List.of(interpreter.toString(), plugin.toString()));
                    command.addAll(List.of("-p", directory(socket), "--socket-name", SOCKET));
                    command.add("--no-lua-style");
                    command.addAll(options);
                    return command;
                },
                script -> new MsgPackConversation(PLUGIN, script));
    }

    private static String directory(Path socket) {
        return String.valueOf(socket.getParent());
    }
}
