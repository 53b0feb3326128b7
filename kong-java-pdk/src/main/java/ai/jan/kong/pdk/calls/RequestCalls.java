// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.RawBody;
import ai.jan.kong.pdk.Request;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Optional;

record RequestCalls(Calls calls) implements Request {
    private static final int LIMIT = 1000;
    private static final int LIMIT_IN_LOG = 100;

    @Override
    public Answer<String> getMethod() {
        return calls.ask(PdkMethods.REQUEST_GET_METHOD);
    }

    @Override
    public Answer<String> getPath() {
        return calls.ask(PdkMethods.REQUEST_GET_PATH);
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
    public Answer<Optional<String>> getHeader(String name) {
        return calls.ask(PdkMethods.REQUEST_GET_HEADER, name, Forms::text);
    }

    @Override
    public Answer<Kong.Headers> getHeaders() {
        int limit = calls.phase() == Phase.LOG ? LIMIT_IN_LOG : LIMIT;
        return calls.ask(
                PdkMethods.REQUEST_GET_HEADERS, LIMIT, table -> Forms.headers(table, limit));
    }

    @Override
    public Answer<RawBody> getRawBody(int maxBytes) {
        return calls.ask(
                PdkMethods.REQUEST_GET_RAW_BODY, result -> BodyFile.body(result, maxBytes));
    }
}
