// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.stack.service.Backends;
import ai.jan.stack.service.Keycloak;
import ai.jan.stack.service.Postgres;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where everything is, for the user's eyes and for {@code stack.json}. */
final class Addresses {
    private final Run run;
    private final ModelStep.Served served;
    private final String apiKey;

    Addresses(Run run, ModelStep.Served served, String apiKey) {
        this.run = run;
        this.served = served;
        this.apiKey = apiKey;
    }

    /** The flat keys of {@code stack.json}. */
    Map<String, String> byName() throws IOException {
        var all = new TreeMap<String, String>();
        all.put("gateway_url", http(Ports.Service.GATEWAY));
        all.put("status_url", http(Ports.Service.STATUS));
        all.put("llm_api_url", http(Ports.Service.LLM_API));
        all.put("mcp_tools_url", http(Ports.Service.MCP_TOOLS));
        all.put("plugins_metrics_url", metrics(Ports.Service.PLUGINS_METRICS));
        all.put("llm_api_metrics_url", metrics(Ports.Service.LLM_API_METRICS));
        all.put("mcp_tools_metrics_url", metrics(Ports.Service.MCP_TOOLS_METRICS));
        all.put("database_url", Postgres.jdbcUrl(run.port(Ports.Service.DATABASE)));
        all.put("model_url", served.base().toString());
        all.put("api_key", apiKey);
        if (run.settings().keycloak()) {
            all.put("keycloak_url", keycloak());
            all.put("keycloak_admin", Keycloak.ADMIN);
            all.put(
                    "keycloak_admin_password",
                    run.secrets().random(Secrets.KEYCLOAK_ADMIN_PASSWORD));
        }
        return all;
    }

    String table() {
        return """

          Gateway      %s   (%s)
          llm-api-lite %s
          mcp-tools    %s   (MCP: %s/mcp)
          Model        %s   %s
          Keycloak     %s
          PostgreSQL   127.0.0.1:%d

          API key      %s

          curl -N %s/v1/chat/completions -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '{"model":"%s","stream":true,"messages":[{"role":"user","content":"What is the capital of France?"}]}'
        """
                .formatted(
                        http(Ports.Service.GATEWAY),
                        run.settings().kong().isPresent()
                                ? "Kong: " + run.settings().kong().get()
                                : "local-gateway, which stands in for Kong",
                        http(Ports.Service.LLM_API),
                        http(Ports.Service.MCP_TOOLS),
                        http(Ports.Service.GATEWAY),
                        served.base(),
                        models(),
                        run.settings().keycloak()
                                ? keycloak()
                                        + "   (starting in the background; user "
                                        + Keycloak.ADMIN
                                        + ", password in "
                                        + run.home().resolve("secrets.properties")
                                        + ")"
                                : "off",
                        run.port(Ports.Service.DATABASE),
                        apiKey,
                        http(Ports.Service.GATEWAY),
                        apiKey,
                        served.models().getFirst().id());
    }

    private String models() {
        return served.models().stream().map(Backends.Listed::id).collect(Collectors.joining(", "));
    }

    private String keycloak() {
        return Keycloak.url(run.port(Ports.Service.KEYCLOAK)).toString();
    }

    private String metrics(Ports.Service service) {
        return http(service) + "/metrics";
    }

    private String http(Ports.Service service) {
        return "http://127.0.0.1:" + run.port(service);
    }
}
