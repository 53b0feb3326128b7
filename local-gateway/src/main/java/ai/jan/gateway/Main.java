// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import ai.jan.gateway.config.InvalidConfiguration;
import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts the stand-in gateway: {@code --config kong.yml --conf kong.conf} and ports. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Lifecycle.run(arguments, Main::serve);
    }

    private static void serve(Lifecycle life) throws IOException, InterruptedException {
        try {
            var options = options(life.arguments());
            var gateway = StandIn.start(options, life.environment());
            life.onStop("gateway", (AutoCloseable) gateway::stop);
            System.out.println(gateway.announcement());
            life.awaitStop();
        } catch (InvalidConfiguration e) {
            throw ProcessFailure.configuration(e.problems());
        }
    }

    private static Map<String, String> options(List<String> arguments) {
        var options = new HashMap<String, String>();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (!StandIn.OPTIONS.contains(arguments.get(i)) || i + 1 == arguments.size()) {
                throw ProcessFailure.usage(
                        "usage: local-gateway --config kong.yml [--conf kong.conf]"
                                + " [--proxy-port N] [--tls-port N] [--status-port N]");
            }
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }
}
