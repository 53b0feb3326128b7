// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import ai.jan.kit.config.Settings;
import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.http.Router;
import ai.jan.kit.json.Json;
import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** A small model server with the OpenAI chat API, for development on one machine. */
public final class ModelServer {
    private static final int PORT = 8101;
    private static final int MAX_BODY = 8 * 1024 * 1024;
    private static final int MAX_REQUESTS = 64;
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private ModelServer() {}

    public static void main(String[] arguments) {
        Lifecycle.run(arguments, ModelServer::run);
    }

    private static void run(Lifecycle lifecycle) throws IOException, InterruptedException {
        var settings = new Settings(lifecycle.environment());
        var http =
                new HttpSettings(
                        settings.textOr("JAN_MODEL_HOST", "127.0.0.1"),
                        settings.port("JAN_MODEL_PORT", PORT),
                        MAX_BODY,
                        (long) MAX_BODY * MAX_REQUESTS,
                        MAX_REQUESTS,
                        IDLE,
                        FAREWELL);
        var gguf = settings.optionalText("JAN_MODEL_FILE").map(Path::of);
        settings.check(Set.of("JAN_STOP_ON_STDIN_EOF"));
        var engine =
                lifecycle.onStop(
                        "the model",
                        gguf.<Engine>map(ModelServer::llama).orElseGet(ScriptedEngine::new));
        lifecycle.onStop("the HTTP server", serve(http, engine));
        lifecycle.awaitStop();
    }

    static HttpServer serve(HttpSettings settings, Engine engine) throws IOException {
        return HttpServer.start(
                settings,
                new Router()
                        .get("/health", exchange -> exchange.send(200, Json.object()))
                        .get("/v1/models", exchange -> exchange.send(200, models(engine)))
                        .post("/v1/chat/completions", new ChatCompletions(engine)));
    }

    private static Engine llama(Path gguf) {
        try {
            return new LlamaEngine(gguf);
        } catch (RuntimeException | UnsatisfiedLinkError e) {
            throw ProcessFailure.unavailable(gguf + " cannot be run: " + e.getMessage());
        }
    }

    private static Object models(Engine engine) {
        var list = Json.object().put("object", "list");
        var model =
                list.putArray("data")
                        .addObject()
                        .put("id", engine.model())
                        .put("object", "model")
                        .put("created", 0)
                        .put("owned_by", "local");
        engine.context().ifPresent(tokens -> model.put("max_model_len", tokens)); // as vLLM does
        return list;
    }
}
