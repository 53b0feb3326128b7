// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.stack.process.ChildEnvironment;
import ai.jan.stack.process.Launch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;

/** The model server that comes with local-stack. */
public final class Model {
    public static final String NAME = "model";

    private static final int HEAP_MEGABYTES = 192; // the model itself is not on the heap
    private static final Duration START = Duration.ofMinutes(2);

    private final Path jar;
    private final Path home;
    private final int port;
    private final Probe probe = new Probe();

    /**
     * @param jar of local-stack
     * @param home where it runs and puts its native library
     */
    public Model(Path jar, Path home, int port) {
        this.jar = jar;
        this.home = home;
        this.port = port;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * @param gguf the model's weights; without them the scripted model answers
     */
    public Launch launch(Optional<Path> gguf) throws IOException {
        var library = Files.createDirectories(home.resolve("model"));
        var own = new HashMap<String, String>();
        own.put("JAN_STOP_ON_STDIN_EOF", "true");
        own.put("JAN_MODEL_HOST", "127.0.0.1");
        own.put("JAN_MODEL_PORT", String.valueOf(port));
        gguf.ifPresent(file -> own.put("JAN_MODEL_FILE", file.toString()));
        return new Launch(
                NAME,
                JavaCommand.main(
                        jar.toString(),
                        "ai.jan.stack.model.ModelServer",
                        HEAP_MEGABYTES,
                        "-Dde.kherud.llama.tmpdir=" + library),
                ChildEnvironment.ours(own),
                home,
                Launch.Wave.SERVICE,
                Launch.StopSignal.TERM,
                () -> probe.answers(url().resolve("/health")),
                Launch.NEVER,
                START);
    }
}
