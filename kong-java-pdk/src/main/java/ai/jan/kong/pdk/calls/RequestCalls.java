// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.QueryString;
import ai.jan.kong.pdk.RawBody;
import ai.jan.kong.pdk.Request;
import ai.jan.kong.pdk.UriCaptures;
import ai.jan.kong.pdk.message.UriCapturesResult;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.LinkedHashMap;
import java.util.Optional;

record RequestCalls(Calls calls) implements Request {
    @Override
    public Answer<String> getScheme() {
        return calls.ask(PdkMethods.REQUEST_GET_SCHEME);
    }

    @Override
    public Answer<String> getHost() {
        return calls.ask(PdkMethods.REQUEST_GET_HOST);
    }

    @Override
    public Answer<Integer> getPort() {
        return calls.ask(PdkMethods.REQUEST_GET_PORT);
    }

    @Override
    public Answer<String> getForwardedScheme() {
        return calls.ask(PdkMethods.REQUEST_GET_FORWARDED_SCHEME);
    }

    @Override
    public Answer<String> getForwardedHost() {
        return calls.ask(PdkMethods.REQUEST_GET_FORWARDED_HOST);
    }

    @Override
    public Answer<Integer> getForwardedPort() {
        return calls.ask(PdkMethods.REQUEST_GET_FORWARDED_PORT);
    }

    @Override
    public Answer<Double> getHttpVersion() {
        return calls.ask(PdkMethods.REQUEST_GET_HTTP_VERSION);
    }

    @Override
    public Answer<String> getMethod() {
        return calls.ask(PdkMethods.REQUEST_GET_METHOD);
    }

    @Override
    public Answer<String> getPath() {
        return calls.ask(PdkMethods.REQUEST_GET_PATH);
    }

    @Override
    public Answer<String> getRawPath() {
        return getPathWithQuery()
                .map(target -> {
                    int query = target.indexOf('?');
                    return query < 0 ? target : target.substring(0, query);
                });
    }

    @Override
    public Answer<String> getPathWithQuery() {
        return calls.ask(PdkMethods.REQUEST_GET_PATH_WITH_QUERY);
    }

    @Override
    public Answer<String> getRawQuery() {
        return calls.ask(PdkMethods.REQUEST_GET_RAW_QUERY);
    }

    @Override
    public Answer<Optional<String>> getQueryArg(String name) {
        return getRawQuery()
                .map(query ->
                        QueryString.parse(query).stream()
                                .filter(arg -> arg.name().equals(name))
                                .findFirst()
                                .map(arg -> arg.value().orElse("")));
    }

    @Override
    public Answer<Kong.Query> getQuery() {
        return getQuery(Forms.LIMIT);
    }

    @Override
    public Answer<Kong.Query> getQuery(int maxArgs) {
        return calls.ask(
                PdkMethods.REQUEST_GET_QUERY, maxArgs, table -> Forms.query(table, maxArgs));
    }

    @Override
    public Answer<Optional<String>> getHeader(String name) {
        return calls.ask(PdkMethods.REQUEST_GET_HEADER, name, Forms::text);
    }

    @Override
    public Answer<Kong.Headers> getHeaders() {
        return getHeaders(Forms.LIMIT);
    }

    @Override
    public Answer<Kong.Headers> getHeaders(int maxHeaders) {
        int limit = Forms.headerLimit(calls.phase(), maxHeaders);
        return calls.ask(
                PdkMethods.REQUEST_GET_HEADERS, maxHeaders, table -> Forms.headers(table, limit));
    }

    @Override
    public Answer<RawBody> getRawBody(int maxBytes) {
        return calls.ask(
                PdkMethods.REQUEST_GET_RAW_BODY, result -> BodyFile.body(result, maxBytes));
    }

    @Override
    public Answer<UriCaptures> getUriCaptures() {
        return calls.ask(PdkMethods.REQUEST_GET_URI_CAPTURES, RequestCalls::captures);
    }

    private static UriCaptures captures(UriCapturesResult result) {
        var named = new LinkedHashMap<String, String>();
        result.named().forEach((name, value) -> named.put(name, value.text()));
        return new UriCaptures(result.unnamed().stream().map(Bytes::text).toList(), named);
    }

    @Override
    public Answer<Optional<String>> getId() {
        return calls.ask(PdkMethods.NGINX_GET_VAR, "kong_request_id", Forms::text);
    }
}
