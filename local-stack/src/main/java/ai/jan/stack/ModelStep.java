// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.StackSettings.ModelChoice;
import ai.jan.stack.service.Backends;
import ai.jan.stack.service.Model;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The model server that answers: one that runs already, or ours with the model that can be had. */
final class ModelStep {
    /**
     * Who answers.
     *
     * @param base its address, without {@code /v1}
     * @param models what it serves, at least one
     */
    record Served(URI base, List<Backends.Listed> models) {}

    private final Run run;
    private final Model server;

    ModelStep(Run run) {
        this.run = run;
        this.server =
                new Model(
                        run.repository().jar("local-stack"),
                        run.home(),
                        run.port(Ports.Service.MODEL));
    }

    Served start() throws IOException, InterruptedException {
        var base =
                switch (run.settings().model()) {
                    case ModelChoice.Backend(var url) -> Backends.base(url);
                    case ModelChoice.File(var gguf) -> started(Optional.of(gguf));
                    case ModelChoice.Scripted() -> started(Optional.empty());
                    case ModelChoice.Automatic() -> startedAutomatically();
                };
        return new Served(base, Backends.models(base));
    }

    private URI started(Optional<Path> gguf) throws IOException, InterruptedException {
        run.start(server.launch(gguf));
        return server.url();
    }

    private URI startedAutomatically() throws IOException, InterruptedException {
        var gguf = run.distributions().smallModel();
        if (gguf.isPresent()) {
            var child = run.supervisor().start(server.launch(gguf));
            try {
                child.awaitReady();
                run.terminal().say(child.name() + " is ready");
                return server.url();
            } catch (ProcessFailure e) {
                run.supervisor().discard(child);
                run.terminal().say("the small model does not run here: " + e.getMessage());
            }
        }
        run.terminal()
                .say(
                        "using the SCRIPTED model, which only repeats what it was told;"
                                + " for a real one set JAN_MODEL_FILE or JAN_VLLM_URL");
        return started(Optional.empty());
    }
}
