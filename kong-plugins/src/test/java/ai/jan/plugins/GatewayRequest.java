// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.RawBodyResult;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.HeaderValues;
import ai.jan.kong.testkit.PdkCalls;
import ai.jan.kong.testkit.PdkHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request at the gateway, as far as a plugin sees and changes it. */
final class GatewayRequest {
    static final String ID = "fedcba9876543210fedcba9876543210";

    private static final PdkCalls<GatewayRequest> CALLS =
            PdkCalls.<GatewayRequest>builder()
                    .on(PdkMethods.NGINX_GET_VAR, (_, name) -> variable(name))
                    .on(PdkMethods.REQUEST_GET_HEADERS, (request, _) -> request.asKongSendsThem())
                    .run(
                            PdkMethods.SERVICE_REQUEST_SET_HEADER,
                            (request, kv) -> set(request.upstream, kv.k(), HeaderValues.of(kv.v())))
                    .run(
                            PdkMethods.SERVICE_REQUEST_CLEAR_HEADER,
                            (request, name) -> set(request.upstream, name, List.of()))
                    .run(
                            PdkMethods.SERVICE_REQUEST_SET_HEADERS,
                            (request, headers) ->
                                    HeaderValues.of(headers)
                                            .forEach((name, values) ->
                                                    set(request.upstream, name, values)))
                    .run(
                            PdkMethods.RESPONSE_SET_HEADERS,
                            (request, headers) ->
                                    HeaderValues.of(headers)
                                            .forEach((name, values) ->
                                                    set(request.downstream, name, values)))
                    .on(PdkMethods.REQUEST_GET_METHOD, (request, _) -> request.method)
                    .on(PdkMethods.REQUEST_GET_PATH, (request, _) -> request.path)
                    .on(PdkMethods.REQUEST_GET_RAW_QUERY, (request, _) -> request.query)
                    .run(
                            PdkMethods.SERVICE_REQUEST_SET_RAW_QUERY,
                            (request, query) -> request.query = query)
                    .on(PdkMethods.REQUEST_GET_RAW_BODY, (request, _) -> request.body())
                    .run(
                            PdkMethods.CTX_SHARED_SET,
                            (request, pair) -> request.shared.put(pair.k(), pair.v()))
                    .on(PdkMethods.CTX_SHARED_GET, (request, key) -> request.shared.get(key))
                    .run(
                            PdkMethods.CLIENT_AUTHENTICATE,
                            (request, who) -> request.consumer = who.consumer().id())
                    .run(PdkMethods.LOG_ERR, (request, line) -> request.log.add(line.toString()))
                    .build();

    final Map<String, List<String>> upstream = new LinkedHashMap<>();
    final Map<String, List<String>> downstream = new LinkedHashMap<>();
    final Map<String, Value> shared = new LinkedHashMap<>();
    String consumer;
    private String method = "GET";
    private String path = "/";
    String query = "";
    private String body = "";
    final List<String> log = new ArrayList<>();

    static GatewayRequest with(String... namesAndValues) {
        var request = new GatewayRequest();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            request.upstream
                    .computeIfAbsent(
                            namesAndValues[i].toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(namesAndValues[i + 1]);
        }
        return request;
    }

    GatewayRequest to(String aMethod, String aPath, String aBody) {
        method = aMethod;
        path = aPath;
        body = aBody;
        return this;
    }

    GatewayRequest query(String aQuery) {
        query = aQuery;
        return this;
    }

    private RawBodyResult body() {
        return RawBodyResult.ofContent(Bytes.utf8(body));
    }

    PdkHost host() {
        return CALLS.bind(this);
    }

    private static String variable(String name) {
        return name.equals("kong_request_id") ? ID : null;
    }

    private Struct asKongSendsThem() {
        var fields = new LinkedHashMap<String, Value>();
        upstream.forEach((name, values) ->
                fields.put(
                        name,
                        values.size() == 1 ? Value.of(values.getFirst()) : ListValue.of(values)));
        return new Struct(fields);
    }

    private static void set(Map<String, List<String>> headers, String name, List<String> values) {
        headers.keySet().removeIf(name::equalsIgnoreCase);
        if (!values.isEmpty()) {
            headers.put(name, values);
        }
    }
}
