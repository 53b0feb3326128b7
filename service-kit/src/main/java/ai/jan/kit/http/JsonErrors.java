// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that Jetty finds before a route is reached, in the same shape as all others. */
final class JsonErrors extends ErrorHandler {
    private static final HttpField CONTENT_TYPE =
            new HttpField(HttpHeader.CONTENT_TYPE, "application/json");

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status =
                request.getAttribute(ERROR_STATUS) instanceof Integer known
                        ? known
                        : response.getStatus();
        var body = Json.bytes(problem(status).toJson());
        response.setStatus(problem(status).status());
        response.getHeaders().put(CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    /** What an HTTP status means when nothing more is known. */
    static ApiProblem problem(int status) {
        return switch (status) {
            case 408 -> invalid(status, "The request did not arrive in time.");
            case 413 -> invalid(status, "The request is too large.");
            case 414 -> invalid(status, "The address of the request is too long.");
            case 431 -> invalid(status, "The headers of the request are too large.");
            case 505 -> invalid(status, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
            case 503 -> ApiProblem.unavailable(null, "The server is stopping; please try again.");
            default ->
                    status >= 400 && status < 500
                            ? invalid(status, "The request is malformed.")
                            : ApiProblem.internal();
        };
    }

    private static ApiProblem invalid(int status, String message) {
        return new ApiProblem(status, ApiProblem.INVALID_REQUEST, null, null, message);
    }
}
