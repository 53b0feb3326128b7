// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.PluginDump;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The command line of a process that serves plugins and nothing else, so that its {@code main} is
 * one line:
 *
 * <pre>{@code
 * static void main(String[] args) {
 *     System.exit(PluginCommand.run(args, ServerOptions.DEFAULTS, List.of(MyPlugin.DEFINITION)));
 * }
 * }</pre>
 *
 * <ul>
 *   <li>{@code serve --socket PATH} serves until SIGTERM or SIGINT, then lets running events end.
 *       It also ends with the Kong worker that started it: when standard input ends, unless that
 *       was at its end from the start
 *   <li>{@code dump NAME} prints what Kong's {@code query_cmd} is to print
 *   <li>{@code dump NAME FILE} writes it to a file
 *   <li>{@code dumps DIRECTORY} writes {@code NAME.json} for each plugin, when the plugins are
 *       built
 * </ul>
 */
public final class PluginCommand {
    private static final int OK = 0;
    private static final int USAGE = 64;
    private static final int UNAVAILABLE = 69;

    private PluginCommand() {}

    /** Runs the command; the result is the process's exit status. */
    public static int run(
            String[] args, ServerOptions options, List<? extends PluginDefinition<?, ?>> plugins) {
        var words = Arrays.asList(args);
        try {
            if (words.size() == 5 && words.get(3).equals("--mode")) {
                return run(
                        words.subList(0, 3).toArray(String[]::new),
                        options.withSocketMode(words.get(4)),
                        plugins);
            }
            if (words.size() == 3 && words.subList(0, 2).equals(List.of("serve", "--socket"))) {
                return serve(Path.of(words.get(2)), options, plugins);
            }
            if (words.size() >= 2 && words.size() <= 3 && words.getFirst().equals("dump")) {
                return dump(words.get(1), words.subList(2, words.size()), plugins);
            }
            if (words.size() == 2 && words.getFirst().equals("dumps")) {
                return dumps(Path.of(words.get(1)), plugins);
            }
            return complain(
                    USAGE,
                    "usage: serve --socket PATH [--mode rw-rw----] | dump NAME [FILE]"
                            + " | dumps DIRECTORY");
        } catch (IllegalArgumentException e) {
            return complain(USAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return complain(UNAVAILABLE, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OK;
        }
    }

    private static int serve(
            Path socket, ServerOptions options, List<? extends PluginDefinition<?, ?>> plugins)
            throws IOException, InterruptedException {
        var server = PluginServer.start(socket, plugins, options);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "plugin-server-stop"));
        StandardInput.watch(System.in, () -> stop(server));
        server.await();
        return OK;
    }

    private static void stop(PluginServer server) {
        try {
            server.close();
        } catch (IOException e) {
            complain(UNAVAILABLE, "the socket was not removed: " + e.getMessage());
        }
    }

    private static int dump(
            String name, List<String> file, List<? extends PluginDefinition<?, ?>> plugins)
            throws IOException {
        var plugin = plugins.stream().filter(p -> p.name().equals(name)).findFirst();
        if (plugin.isEmpty()) {
            return complain(
                    USAGE,
                    "no plugin "
                            + name
                            + "; there are "
                            + plugins.stream().map(p -> p.name()).toList());
        }
        var json = PluginDump.of(plugin.get()).toJson();
        if (file.isEmpty()) {
            new PrintStream(System.out, true, StandardCharsets.UTF_8).print(json);
        } else {
            Files.writeString(Path.of(file.getFirst()), json);
        }
        return OK;
    }

    private static int dumps(Path directory, List<? extends PluginDefinition<?, ?>> plugins)
            throws IOException {
        Files.createDirectories(directory);
        for (var plugin : plugins) {
            Files.writeString(
                    directory.resolve(plugin.name() + ".json"), PluginDump.of(plugin).toJson());
        }
        return OK;
    }

    private static int complain(int status, String text) {
        System.err.println(text);
        return status;
    }
}
