// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.lifecycle;

import ai.jan.kit.config.Settings;
import ai.jan.kit.telemetry.Tracing;
import java.io.IOException;
import java.util.Set;

/** A process of its own for {@link LifecycleIT}; its first argument says what it does. */
final class TestingProgram {
    private TestingProgram() {}

    public static void main(String[] args) {
        Lifecycle.run(args, TestingProgram::start);
    }

    private static void start(Lifecycle lifecycle) throws IOException, InterruptedException {
        switch (lifecycle.arguments().getFirst()) {
            case "command" -> System.out.println("done");
            case "settings" -> {
                var settings = new Settings(lifecycle.environment());
                settings.text("JAN_ONE", "1");
                settings.text("JAN_TWO", "2");
                settings.check(Set.of());
            }
            case "unavailable" -> throw new IOException("the port is taken");
            case "bug" -> throw new IllegalStateException("a bug");
            case "spans" -> {
                try (var tracing = Tracing.start("some", lifecycle.environment())) {
                    for (int i = 0; i < 4; i++) {
                        tracing.serve("GET /", _ -> null).close();
                        Thread.sleep(150); // until it is sent by itself
                    }
                }
            }
            case "serve" -> {
                lifecycle.onStop("first", () -> System.out.println("closed first"));
                lifecycle.onStop("second", () -> System.out.println("closed second"));
                System.out.println("ready");
                lifecycle.awaitStop();
            }
            default -> throw ProcessFailure.usage("usage: command | serve");
        }
    }
}
