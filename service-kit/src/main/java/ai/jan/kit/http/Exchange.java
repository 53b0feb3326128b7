// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Span;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Belongs to the thread of its route. */
public final class Exchange {
    private static final String JSON = "application/json";
    private static final int CLIENT_CLOSED = 499;

    private final Request request;
    private final Response response;
    private final ClientLink link;
    private final ClientWatch watch;
    private final BodyBudget.Share memory;
    private final Map<String, String> pathParameters;
    private final int maxBody;
    private final Notes notes = new Notes();
    private final Span span;
    private String requestId;
    private @Nullable Fields query;
    private @Nullable EventStream events;
    private @Nullable Presence presence;

    Exchange(
            Request request,
            Response response,
            ClientWatch watch,
            BodyBudget.Share memory,
            Map<String, String> pathParameters,
            int maxBody,
            String requestId,
            Span span) {
        this.request = request;
        this.response = response;
        this.watch = watch;
        this.memory = memory;
        this.link = new ClientLink(request, response, memory);
        this.pathParameters = pathParameters;
        this.maxBody = maxBody;
        this.requestId = requestId;
        this.span = span;
    }

    public String method() {
        return request.getMethod();
    }

    /** The path as it was asked for, without the query. */
    public String path() {
        return request.getHttpURI().getPath();
    }

    /** The decoded value of a parameter of the route's template. */
    public String pathParameter(String name) {
        var value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the template has no {" + name + "}");
        }
        return value;
    }

    /** The first value of a query parameter. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(fields().getValue(name));
    }

    /** All values of a query parameter, in order. */
    public List<String> queries(String name) {
        return List.copyOf(fields().getValuesOrEmpty(name));
    }

    /** The names of the query parameters. */
    public Set<String> queryNames() {
        return fields().getNames();
    }

    /** The first value of a request header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /** All values of a request header, for those that must not be sent twice. */
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    /** The id of this request for logs and for the answer's {@code X-Request-Id}. */
    public String requestId() {
        return requestId;
    }

    /** Takes the id that the gateway gave this request. Before anything is sent. */
    public void requestId(String id) {
        requestId = id;
        header("X-Request-Id", id);
    }

    /** What is told of this request. */
    public Notes notes() {
        return notes;
    }

    /** The part of the trace that is this request. */
    public Span span() {
        return span;
    }

    /** Sets a header of the answer. */
    public void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /**
     * The whole body.
     *
     * @throws ApiProblem 413 if it is larger than the server accepts, 408 if it comes too slowly,
     *     503 if the bodies of all requests together are too large
     */
    public byte[] body() throws IOException {
        return link.read(maxBody);
    }

    /**
     * The body as a JSON object.
     *
     * @throws ApiProblem 400 if it is something else
     */
    public ObjectNode jsonObject() throws IOException {
        return jsonObject(body());
    }

    /**
     * Bytes as a JSON object in UTF-8, in which no member appears twice.
     *
     * @throws ApiProblem 400 if they are something else
     */
    public static ObjectNode jsonObject(byte[] body) {
        try {
            if (Json.parseUnambiguous(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw ApiProblem.badRequest(
                    null, null, "We could not parse the JSON body of your request.");
        }
        throw ApiProblem.badRequest(null, null, "The body of the request must be a JSON object.");
    }

    /**
     * Counts something large that is kept in memory until this request is answered, such as an
     * answer that is put together before it is sent. The request's body is counted already.
     * Thread-safe.
     *
     * @throws ApiProblem 503 if all requests together keep too much
     */
    public void hold(long bytes) {
        memory.take(bytes);
    }

    /**
     * The client, watched from the first call on until the route ends. To be called when the body
     * has been read.
     */
    public Presence client() {
        if (presence == null) {
            var watched = new Presence();
            link.channel().ifPresent(channel -> watch.begin(channel, watched));
            presence = watched;
        }
        return presence;
    }

    /** Whether the status was sent, so that another one cannot be. */
    public boolean isCommitted() {
        return link.isCommitted();
    }

    /** Answers with a JSON value: a record, a collection or a tree. */
    public void send(int status, Object json) throws IOException {
        send(status, JSON, Json.bytes(json));
    }

    /** Answers with a body of any type. */
    public void send(int status, String contentType, byte[] body) throws IOException {
        response.setStatus(status);
        header("Content-Type", contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        notes.sent();
        link.write(true, body);
    }

    /** Answers 200 and goes on with server-sent events; the client sees that at once. */
    public EventStream openEventStream() throws IOException {
        if (events != null) {
            throw new IllegalStateException("the stream is already open");
        }
        response.setStatus(200);
        header("Content-Type", "text/event-stream; charset=utf-8");
        header("Cache-Control", "no-cache");
        header("X-Accel-Buffering", "no");
        var opened = new EventStream(link);
        events = opened;
        notes.sent();
        link.write(false, new byte[0]);
        return opened;
    }

    /** Tells the client about a problem, in whichever way is still possible. */
    void fail(ApiProblem problem) throws IOException {
        if (events != null) {
            events.data(Json.bytes(problem.toJson()));
        } else if (!link.isCommitted()) {
            problem.headers().forEach(this::header);
            send(problem.status(), problem.toJson());
        }
    }

    /** Nobody will see the status but our log, which says what nginx does. */
    void abandoned() {
        notes.failed(CLIENT_CLOSED);
        if (!link.isCommitted()) {
            response.setStatus(CLIENT_CLOSED);
        }
    }

    int status() {
        return response.getStatus();
    }

    /** The route has ended, and the request is read to its end. */
    void end() {
        if (presence != null) {
            presence.forget();
            link.channel().ifPresent(watch::end);
        }
        memory.close();
        link.skipRest();
    }

    private Fields fields() {
        if (query == null) {
            query = Request.extractQueryParameters(request);
        }
        return query;
    }
}
