// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.quota;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.kit.json.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A model server whose streams are short and whose usage is anything up to what was asked for: the
 * prompt's most is told in {@code seed}, the answer's in {@code max_tokens}.
 */
final class TokenModel implements AutoCloseable {
    static final String NAME = "token-model";
    private static final int PIECES = 5;

    private final HttpServer server;

    TokenModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::chat);
        server.createContext("/v1/models", TokenModel::models);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void models(HttpExchange exchange) throws IOException {
        try (exchange) {
            var list = "{\"object\":\"list\",\"data\":[]}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
        }
    }

    private void chat(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = Json.parse(exchange.getRequestBody().readAllBytes());
            var random = ThreadLocalRandom.current();
            int prompt = random.nextInt(request.path("seed").asInt() + 1);
            int completion =
                    random.nextInt(
                            PIECES, Math.max(request.path("max_tokens").asInt(), PIECES) + 1);
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            var body = exchange.getResponseBody();
            for (int i = 0; i < PIECES; i++) {
                body.write(
                        chunk(
                                "{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":null}",
                                ""));
                body.flush();
                Thread.sleep(random.nextInt(40));
            }
            body.write(
                    chunk(
                            "",
                            ",\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}"
                                    .formatted(prompt, completion)));
            body.write("data: [DONE]\n\n".getBytes(UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] chunk(String choice, String more) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"%s\",\"choices\":[%s]%s}\n\n"
                .formatted(NAME, choice, more)
                .getBytes(UTF_8);
    }
}
