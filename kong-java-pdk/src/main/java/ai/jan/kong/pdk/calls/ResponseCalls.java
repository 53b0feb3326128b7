// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Response;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethods;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

record ResponseCalls(Calls calls) implements Response {
    @Override
    public Answer<Integer> getStatus() {
        return calls.ask(PdkMethods.RESPONSE_GET_STATUS);
    }

    @Override
    public Answer<Optional<String>> getHeader(String name) {
        return calls.ask(PdkMethods.RESPONSE_GET_HEADER, name, Forms::text);
    }

    @Override
    public Answer<Kong.Headers> getHeaders() {
        return getHeaders(Forms.LIMIT);
    }

    @Override
    public Answer<Kong.Headers> getHeaders(int maxHeaders) {
        int limit = Forms.headerLimit(calls.phase(), maxHeaders);
        return calls.ask(
                PdkMethods.RESPONSE_GET_HEADERS, maxHeaders, table -> Forms.headers(table, limit));
    }

    @Override
    public Answer<Source> getSource() {
        return calls.ask(
                PdkMethods.RESPONSE_GET_SOURCE,
                source -> Source.valueOf(source.toUpperCase(Locale.ROOT)));
    }

    @Override
    public void setStatus(int status) {
        calls.tell(PdkMethods.RESPONSE_SET_STATUS, status);
    }

    @Override
    public void setHeader(String name, String value) {
        var method = PdkMethods.RESPONSE_SET_HEADER;
        calls.tell(method, Forms.header(method, name, value));
    }

    @Override
    public void addHeader(String name, String value) {
        var method = PdkMethods.RESPONSE_ADD_HEADER;
        calls.tell(method, Forms.header(method, name, value));
    }

    @Override
    public void clearHeader(String name) {
        var method = PdkMethods.RESPONSE_CLEAR_HEADER;
        calls.tell(method, Forms.headerName(method, name));
    }

    @Override
    public void setHeaders(Map<String, List<String>> headers) {
        var method = PdkMethods.RESPONSE_SET_HEADERS;
        calls.tell(method, Forms.headers(method, headers));
    }

    @Override
    public Error exit(int status, byte[] body, Map<String, List<String>> headers) {
        throw exit(status, Bytes.of(body), headers);
    }

    private ExitSignal exit(int status, Bytes body, Map<String, List<String>> headers) {
        return calls.exit(
                new ExitArgs(status, body, Forms.headers(PdkMethods.RESPONSE_EXIT, headers)));
    }

    @Override
    public Error exitJson(int status, String json) {
        throw exit(
                status,
                Bytes.utf8(json),
                Map.of("Content-Type", List.of("application/json; charset=utf-8")));
    }

    @Override
    public Error error(int status, String message) {
        var id = new RequestCalls(calls).getId().get();
        var body = JsonNodeFactory.instance.objectNode().put("message", message);
        id.ifPresent(text -> body.put("request_id", text));
        throw exitJson(status, body.toString());
    }
}
