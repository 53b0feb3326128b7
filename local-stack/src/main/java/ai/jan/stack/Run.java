// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.stack.dist.Distributions;
import ai.jan.stack.process.Child;
import ai.jan.stack.process.Launch;
import ai.jan.stack.process.Supervisor;
import java.nio.file.Path;

/**
 * What every step of one run works with.
 *
 * @param ports where each service listens in this run
 * @param socket the plugin server's
 */
record Run(
        Repository repository,
        StackSettings settings,
        Ports ports,
        Path socket,
        Secrets secrets,
        Terminal terminal,
        Supervisor supervisor,
        Distributions distributions) {

    Path home() {
        return settings.home();
    }

    int port(Ports.Service service) {
        return ports.of(service);
    }

    /** Starts a process, waits until it works, and says so. */
    Child start(Launch launch) throws InterruptedException {
        var child = supervisor.start(launch);
        child.awaitReady();
        terminal.say(launch.name() + " is ready");
        return child;
    }
}
