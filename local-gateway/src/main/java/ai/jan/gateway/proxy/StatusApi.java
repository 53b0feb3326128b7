// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Kong's status API, as far as probes and scrapes use it. */
final class StatusApi implements ClientConnection.Handler {
    private static final String STATUS =
            """
            {"database":{"reachable":true},"stand_in":"local-gateway"}\
            """;

    private final Supplier<String> metrics;

    StatusApi(Supplier<String> metrics) {
        this.metrics = metrics;
    }

    @Override
    public RequestBody.Limits limits() {
        return new RequestBody.Limits(8192, 16_384, Path.of(""));
    }

    @Override
    public void malformed(
            Exchange.Client client, RequestHead head, HttpFailure failure, ResponseWriter writer)
            throws IOException {
        send(writer, failure.status(), "{\"message\":\"" + failure.text() + "\"}");
    }

    @Override
    public void handle(
            Exchange.Client client,
            RequestHead head,
            RequestBody body,
            ClientInput input,
            ResponseWriter writer)
            throws IOException {
        switch (head.path()) {
            case "/status" -> send(writer, 200, STATUS);
            case "/metrics" -> sendMetrics(writer);
            case "/status/ready" -> send(writer, 200, "{\"message\":\"ready\"}");
            default -> send(writer, 404, "{\"message\":\"Not found\"}");
        }
    }

    private void sendMetrics(ResponseWriter writer) throws IOException {
        var body = metrics.get().getBytes(UTF_8);
        var headers =
                new Headers()
                        .add("Date", ResponseWriter.date())
                        .add("Content-Type", "text/plain; charset=UTF-8")
                        .add("Transfer-Encoding", "chunked")
                        .add("Connection", writer.connection())
                        .add("Access-Control-Allow-Origin", "*")
                        .add("Server", Responses.SERVER);
        writer.head(200, Reasons.of(200), headers);
        writer.body(body, body.length);
        writer.end();
    }

    private static void send(ResponseWriter writer, int status, String json) throws IOException {
        var body = json.getBytes(UTF_8);
        var headers =
                new Headers()
                        .add("Date", ResponseWriter.date())
                        .add("Content-Type", "application/json; charset=utf-8")
                        .add("Connection", writer.connection())
                        .add("Content-Length", Integer.toString(body.length))
                        .add("Server", Responses.SERVER);
        writer.whole(status, Reasons.of(status), headers, body);
    }
}
