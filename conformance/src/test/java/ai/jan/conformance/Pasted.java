// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Requests that pages show, run as a reader would paste them. */
public final class Pasted {
    /** The pages, by their path from the project's root. */
    public static final List<String> PAGES = List.of("README.md", "docs/api/README.md");

    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    static final String GATEWAY = "http://127.0.0.1:8000";

    private Pasted() {}

    /** The shell blocks that talk to the gateway. */
    static List<String> requests() throws IOException {
        var requests = new ArrayList<String>();
        for (var page : PAGES) {
            SHELL.matcher(Files.readString(Path.of("..", page)))
                    .results()
                    .map(block -> block.group(1))
                    .filter(commands -> commands.contains(GATEWAY))
                    .forEach(requests::add);
        }
        return requests;
    }

    /** Whether this machine has the one program the commands need. */
    static boolean canBePasted() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl")));
    }

    /**
     * What a block prints to its reader.
     *
     * @param here what is different where it is pasted: texts of the README and what stands for
     *     them
     * @param environment what the reader has exported
     */
    static String paste(String commands, Map<String, String> here, Map<String, String> environment)
            throws IOException, InterruptedException {
        var pasted = commands;
        for (var difference : here.entrySet()) {
            pasted = pasted.replace(difference.getKey(), difference.getValue());
        }
        var output = Files.createTempFile("readme", ".out");
        var builder =
                new ProcessBuilder("sh", "-euc", pasted)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var shell = builder.start();
        if (!shell.waitFor(60, TimeUnit.SECONDS)) {
            shell.destroyForcibly();
            throw new IllegalStateException("did not end:\n" + pasted);
        }
        var printed = Files.readString(output);
        if (shell.exitValue() != 0) {
            throw new IllegalStateException(
                    "exit status " + shell.exitValue() + ":\n" + pasted + "\n" + printed);
        }
        return printed;
    }
}
