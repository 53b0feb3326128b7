// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The commands of README.md, run as a reader would paste them. */
final class Readme {
    private static final Path FILE = Path.of("..", "README.md");
    private static final Pattern SHELL = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final String GATEWAY = "http://127.0.0.1:8000";
    private static final String MODEL = "smollm2-135m-instruct";

    private Readme() {}

    /** The shell blocks that talk to the gateway. */
    static List<String> requests() throws IOException {
        return SHELL.matcher(Files.readString(FILE))
                .results()
                .map(block -> block.group(1))
                .filter(commands -> commands.contains(GATEWAY))
                .toList();
    }

    /** What a block prints when its reader has this key, and the gateway and model are these. */
    static String paste(String commands, URI gateway, String model, String apiKey)
            throws IOException, InterruptedException {
        var here = commands.replace(GATEWAY, gateway.toString()).replace(MODEL, model);
        var output = Files.createTempFile("readme", ".out");
        var builder =
                new ProcessBuilder("sh", "-euc", here)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("JAN_API_KEY", apiKey);
        var shell = builder.start();
        if (!shell.waitFor(60, TimeUnit.SECONDS)) {
            shell.destroyForcibly();
            throw new IllegalStateException("did not end:\n" + here);
        }
        var printed = Files.readString(output);
        if (shell.exitValue() != 0) {
            throw new IllegalStateException(
                    "exit status " + shell.exitValue() + ":\n" + here + "\n" + printed);
        }
        return printed;
    }
}
