// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import ai.jan.gateway.config.InvalidConfiguration;
import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts the stand-in gateway, or checks what it would serve. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Lifecycle.run(arguments, Main::run);
    }

    private static void run(Lifecycle life) throws IOException, InterruptedException {
        var words = new ArrayList<>(life.arguments());
        boolean checkOnly = words.remove("--check");
        var options = options(words);
        try {
            if (checkOnly) {
                StandIn.check(options, life.environment());
                System.out.println("local-gateway: the configuration can be served");
                return;
            }
            var gateway = StandIn.start(options, life.environment());
            life.onStop("gateway", (AutoCloseable) gateway::stop);
            Hangup.then(gateway::reload);
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
                        "usage: local-gateway [--check] --config kong.yml [--conf kong.conf]"
                                + " [--proxy-port N] [--tls-port N] [--status-port N]");
            }
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }
}
