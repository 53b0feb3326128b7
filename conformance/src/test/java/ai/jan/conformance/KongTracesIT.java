// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * With Kong's own plugin opentelemetry, as kong.yml has it ready, Kong's span stands between who
 * asks and the service, and beside the plugins'. The stand-in passes the context on as Kong does,
 * and sends no span.
 */
@ExtendWith(SharedStack.class)
class KongTracesIT {
    private static final String READY = "  - name: opentelemetry\n    enabled: false\n";
    private static final String LLM = "llm-api-lite";
    private static final String MODELS = "GET /v1/models";

    private static TestingTraces traces;
    private static String credential;
    private static SecondGateway kong;
    private static Gateway gateway;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        traces = running.traces();
        credential = "Bearer " + running.stack().apiKey();
        var declaration = Files.readString(running.stack().home().resolve("kong.yml"));
        assertThat(declaration).containsOnlyOnce(READY);
        kong =
                SecondGateway.start(
                        running.stack(),
                        "traced-gateway",
                        declaration.replace(READY, READY.replace("false", "true")),
                        Map.of(
                                "KONG_TRACING_INSTRUMENTATIONS",
                                "all",
                                "JAN_TRACES_URL",
                                "http://127.0.0.1:1/v1/traces"));
        gateway = new Gateway(kong.url());
    }

    @AfterAll
    static void stop() {
        kong.close();
    }

    @Test
    void standsBetweenTheClientAndTheServiceBesideThePlugins() throws Exception {
        var client = ClientTrace.begin(traces);
        gateway.get("/v1/models", "Authorization", credential, "traceparent", client.header());

        for (var plugin : new String[] {"jan-auth", "jan-rewrite", "jan-quota"}) {
            assertThat(client.await("kong-plugins", plugin + " access").parent())
                    .as(plugin)
                    .isEqualTo(client.span());
        }
        assertThat(client.await(LLM, MODELS).parent()).isNotIn("", client.span());
    }

    @Test
    void whatTheClientDoesNotRecordIsNotRecorded() throws Exception {
        var client = ClientTrace.begin(traces);
        gateway.get(
                "/v1/models",
                "Authorization",
                credential,
                "traceparent",
                client.header().replaceFirst("01$", "00"));
        standsBetweenTheClientAndTheServiceBesideThePlugins(); // so that all has arrived

        assertThat(traces.all()).noneMatch(span -> span.trace().equals(client.id()));
    }

    @Test
    void goesOnWithATraceThatAPluginHasBegun() throws Exception {
        var reply = gateway.get("/v1/models", "Authorization", credential);

        var known = reply.headers().firstValue("X-Request-Id").orElseThrow();
        var request =
                traces.await(span -> known.equals(span.attributes().get("jan.request.client_id")));
        var root =
                traces.await(span ->
                        span.trace().equals(request.trace())
                                && span.isOf("kong-plugins", "jan-auth access"));
        assertThat(root.parent()).isEmpty();
        assertThat(request.parent()).isNotIn("", root.id());
    }
}
