// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Response;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.List;
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
    public void setStatus(int status) {
        calls.tell(PdkMethods.RESPONSE_SET_STATUS, status);
    }

    @Override
    public void setHeader(String name, String value) {
        calls.tell(PdkMethods.RESPONSE_SET_HEADER, Forms.header(name, value));
    }

    @Override
    public void addHeader(String name, String value) {
        calls.tell(PdkMethods.RESPONSE_ADD_HEADER, Forms.header(name, value));
    }

    @Override
    public void clearHeader(String name) {
        calls.tell(PdkMethods.RESPONSE_CLEAR_HEADER, Forms.headerName(name));
    }

    @Override
    public void setHeaders(Map<String, List<String>> headers) {
        calls.tell(PdkMethods.RESPONSE_SET_HEADERS, Forms.headers(headers));
    }

    @Override
    public Error exit(int status, byte[] body, Map<String, List<String>> headers) {
        throw calls.exit(new ExitArgs(status, Bytes.of(body), Forms.headers(headers)));
    }
}
