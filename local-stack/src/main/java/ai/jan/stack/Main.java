// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;

/** {@code make run}: starts the platform, keeps it running, stops it when asked to. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Lifecycle.run(arguments, Main::run);
    }

    private static void run(Lifecycle lifecycle) throws IOException, InterruptedException {
        if (!lifecycle.arguments().isEmpty()) {
            throw ProcessFailure.usage(
                    "usage: java -jar local-stack.jar (its settings are environment variables)");
        }
        var repository = Repository.found();
        var settings = StackSettings.from(lifecycle.environment(), repository.root());
        PrivateFile.folder(settings.home());
        lifecycle.onStop("the lock", RunLock.take(settings.home()));
        var stack =
                lifecycle.onStop(
                        "the stack", new Stack(repository, settings, new Terminal(System.out)));
        stack.start();
        lifecycle.awaitStop();
    }
}
