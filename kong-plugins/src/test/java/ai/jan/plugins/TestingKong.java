// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Client;
import ai.jan.kong.pdk.Ctx;
import ai.jan.kong.pdk.Ip;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Log;
import ai.jan.kong.pdk.Nginx;
import ai.jan.kong.pdk.Node;
import ai.jan.kong.pdk.Request;
import ai.jan.kong.pdk.Response;
import ai.jan.kong.pdk.Router;
import ai.jan.kong.pdk.Service;
import ai.jan.kong.pdk.ServiceRequest;
import ai.jan.kong.pdk.Shared;
import ai.jan.kong.pdk.message.Consumer;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Kong without a socket: holds the request's headers, carries out what a plugin sets, and counts
 * how often the plugin had to wait. A method that it does not know fails the test.
 */
public final class TestingKong implements Kong {
    /** What {@code kong.response.exit} was called with. */
    public static final class Exited extends Error {
        public final int status;
        public final String body;
        public final Map<String, List<String>> headers;

        private Exited(int status, byte[] body, Map<String, List<String>> headers) {
            this.status = status;
            this.body = new String(body, StandardCharsets.UTF_8);
            this.headers = headers;
        }
    }

    public static final String REQUEST_ID = "0123456789abcdef0123456789abcdef";

    private final Map<String, List<String>> asked = new LinkedHashMap<>();
    private final boolean truncated;
    private boolean somethingAsked;

    /** The headers that reach the service, in the spelling of who set them. */
    public final Map<String, List<String>> upstream = new LinkedHashMap<>();

    /** The headers that the client gets. */
    public final Map<String, List<String>> downstream = new LinkedHashMap<>();

    /** What is in {@code kong.ctx.shared}. */
    public final Map<String, Object> shared = new LinkedHashMap<>();

    /** The query string as the client sent it, then as it reaches the service. */
    public String query = "";

    /** The id of the consumer that the request was given. */
    public String consumer;

    public int roundTrips;

    public TestingKong(Map<String, List<String>> headers, boolean truncated) {
        this.truncated = truncated;
        headers.forEach((name, values) -> {
            asked.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .addAll(values);
            upstream.put(name.toLowerCase(Locale.ROOT), values);
        });
    }

    public static TestingKong with(String... namesAndValues) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.computeIfAbsent(namesAndValues[i], _ -> new ArrayList<>())
                    .add(namesAndValues[i + 1]);
        }
        return new TestingKong(headers, false);
    }

    private <T> Answer<T> answer(T value) {
        somethingAsked = true;
        return () -> {
            if (somethingAsked) {
                roundTrips++;
                somethingAsked = false;
            }
            return value;
        };
    }

    @Override
    public Request request() {
        return answering(
                Request.class,
                (name, _) ->
                        switch (name) {
                            case "getHeaders" -> answer(new Headers(asked, truncated));
                            case "getRawQuery" -> answer(query);
                            default -> null;
                        });
    }

    @Override
    public Nginx nginx() {
        return answering(
                Nginx.class,
                (_, arguments) ->
                        arguments[0].equals("kong_request_id")
                                ? answer(Optional.of(REQUEST_ID))
                                : null);
    }

    @Override
    public Service service() {
        var request =
                answering(
                        ServiceRequest.class,
                        (name, arguments) -> {
                            if (name.equals("setRawQuery")) {
                                query = (String) arguments[0];
                                return "done";
                            }
                            return set(upstream, name, arguments);
                        });
        return answering(Service.class, (_, _) -> request);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Response response() {
        return answering(
                Response.class,
                (name, arguments) -> {
                    if (name.equals("exit")) {
                        throw new Exited(
                                (int) arguments[0],
                                (byte[]) arguments[1],
                                (Map<String, List<String>>) arguments[2]);
                    }
                    return set(downstream, name, arguments);
                });
    }

    /** Names as Kong takes them: any case, but an underscore is not a dash. */
    @SuppressWarnings("unchecked")
    private static Object set(Map<String, List<String>> headers, String method, Object[] values) {
        switch (method) {
            case "setHeader" -> set(headers, (String) values[0], List.of((String) values[1]));
            case "clearHeader" -> set(headers, (String) values[0], List.of());
            case "setHeaders" ->
                    ((Map<String, List<String>>) values[0])
                            .forEach((name, list) -> set(headers, name, list));
            default -> {
                return null;
            }
        }
        return "done";
    }

    private static void set(Map<String, List<String>> headers, String name, List<String> values) {
        headers.keySet().removeIf(name::equalsIgnoreCase);
        if (!values.isEmpty()) {
            headers.put(name, values);
        }
    }

    private interface Call {
        /** Null if the method is not known. */
        Object of(String method, Object[] arguments);
    }

    private static <T> T answering(Class<T> namespace, Call call) {
        return namespace.cast(
                Proxy.newProxyInstance(
                        namespace.getClassLoader(),
                        new Class<?>[] {namespace},
                        (_, method, arguments) -> {
                            var result =
                                    call.of(
                                            method.getName(),
                                            arguments == null ? new Object[0] : arguments);
                            if (result == null) {
                                throw new UnsupportedOperationException(method.toString());
                            }
                            return method.getReturnType() == void.class ? null : result;
                        }));
    }

    @Override
    public Client client() {
        return answering(
                Client.class,
                (name, arguments) -> {
                    if (!name.equals("authenticate")) {
                        return null;
                    }
                    consumer = ((Consumer) arguments[0]).id();
                    return "done";
                });
    }

    @Override
    public Ctx ctx() {
        var values =
                answering(
                        Shared.class,
                        (name, arguments) ->
                                name.equals("set")
                                        ? Optional.ofNullable(
                                                shared.put((String) arguments[0], arguments[1]))
                                        : answer(Optional.ofNullable(shared.get(arguments[0]))));
        return () -> values;
    }

    @Override
    public Ip ip() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Log log() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Node node() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Router router() {
        throw new UnsupportedOperationException();
    }
}
