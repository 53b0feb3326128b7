// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.config.Settings;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * The TCP port of each service; all on the loopback interface.
 *
 * @param numbers the port of every service
 */
public record Ports(Map<Service, Integer> numbers) {
    private static final int CONNECT_MILLIS = 500;

    /** What listens. */
    public enum Service {
        GATEWAY("JAN_GATEWAY_PORT", 8000),
        LLM_API("JAN_LLM_API_PORT", 8080),
        MCP_TOOLS("JAN_MCP_TOOLS_PORT", 8091),
        KEYCLOAK("JAN_KEYCLOAK_PORT", 8085),
        KEYCLOAK_MANAGEMENT("JAN_KEYCLOAK_MANAGEMENT_PORT", 9085),
        DATABASE("JAN_DATABASE_PORT", 15432), // 5432 belongs to a PostgreSQL of the machine's own
        MODEL("JAN_MODEL_PORT", 8101),
        STATUS("JAN_STATUS_PORT", 8100),
        // Whoever wants to read them looks at stack.json.
        PLUGINS_METRICS("JAN_PLUGINS_METRICS_PORT", 0),
        LLM_API_METRICS("JAN_LLM_API_METRICS_PORT", 0),
        MCP_TOOLS_METRICS("JAN_MCP_TOOLS_METRICS_PORT", 0);

        private final String setting;
        private final int usual;

        Service(String setting, int usual) {
            this.setting = setting;
            this.usual = usual;
        }

        public int usual() {
            return usual;
        }
    }

    public Ports {
        numbers = Map.copyOf(numbers);
    }

    static Ports from(Settings settings) {
        var numbers = new EnumMap<Service, Integer>(Service.class);
        for (var service : Service.values()) {
            numbers.put(service, settings.port(service.setting, service.usual));
        }
        return new Ports(numbers);
    }

    public int of(Service service) {
        return numbers.getOrDefault(service, 0);
    }

    /**
     * Replaces each 0 by a free port.
     *
     * @param wanted the services that will listen
     * @throws ProcessFailure if a port is taken, naming all that are, with the settings to change
     */
    Ports claimed(Set<Service> wanted) {
        var chosen = new EnumMap<Service, Integer>(numbers);
        var taken = new ArrayList<String>();
        var held = new ArrayList<ServerSocket>();
        try {
            for (var service : Service.values()) {
                int port = of(service);
                if (port == 0) {
                    var socket = bind(0);
                    held.add(socket); // held until all are chosen, so that no two are the same
                    chosen.put(service, socket.getLocalPort());
                } else if (wanted.contains(service) && isTaken(port)) {
                    taken.add(port + " (" + service.setting + ")");
                }
            }
        } catch (IOException e) {
            throw ProcessFailure.unavailable("cannot open a port on 127.0.0.1: " + e);
        } finally {
            held.forEach(Ports::close);
        }
        if (!taken.isEmpty()) {
            throw ProcessFailure.unavailable(
                    "another program listens on port "
                            + String.join(", ", taken)
                            + ": stop it, or set the variable in brackets to another port"
                            + " (0 takes a free one)");
        }
        return new Ports(chosen);
    }

    private static boolean isTaken(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(loopback(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException nobodyAnswers) {
            try (var _ = bind(port)) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }
    }

    private static ServerSocket bind(int port) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true); // connections of the last run may still be in TIME_WAIT
        socket.bind(new InetSocketAddress(loopback(), port));
        return socket;
    }

    /** 127.0.0.1, whatever {@code localhost} means here. */
    public static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing a socket failed", e);
        }
    }
}
