// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.http.Router;
import ai.jan.kit.json.Json;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsIT {
    @TempDir private Path folder;

    @Test
    void asksTheModelServerWhatItServesAndWritesItDown() throws Exception {
        var list =
                "{\"object\":\"list\",\"data\":[{\"id\":\"a/b\",\"max_model_len\":4096},{\"id\":\"c\"}]}";
        try (var server =
                HttpServer.start(
                        new HttpSettings("127.0.0.1", 0),
                        new Router()
                                .get(
                                        "/v1/models",
                                        exchange -> exchange.send(200, Json.parse(list))))) {
            var base = Backends.base(URI.create(server.uri() + "/v1/"));
            assertThat(base).isEqualTo(server.uri());

            var file =
                    Backends.write(folder.resolve("backends.yml"), base, Backends.models(base), 7);

            var backend = Json.parse(Files.readAllBytes(file)).path("backends").path(0);
            assertThat(backend.path("url").asText()).isEqualTo(server.uri() + "/v1");
            assertThat(backend.path("max_requests").asInt()).isEqualTo(7);
            assertThat(Json.text(backend.path("models")))
                    .isEqualTo("[{\"id\":\"a/b\",\"context\":4096},{\"id\":\"c\"}]");
        }
    }

    @Test
    void saysWhereNobodyAnswers() {
        assertThatThrownBy(() -> Backends.models(URI.create("http://127.0.0.1:1")))
                .isInstanceOf(ProcessFailure.class)
                .hasMessageContaining("http://127.0.0.1:1/v1/models")
                .hasMessageContaining("JAN_VLLM_URL");
    }
}
