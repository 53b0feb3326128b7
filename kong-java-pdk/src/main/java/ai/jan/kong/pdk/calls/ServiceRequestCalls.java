// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.QueryString;
import ai.jan.kong.pdk.ServiceRequest;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.List;
import java.util.Map;

record ServiceRequestCalls(Calls calls) implements ServiceRequest {
    @Override
    public void setScheme(String scheme) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_SCHEME, scheme);
    }

    @Override
    public void setMethod(String method) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_METHOD, method);
    }

    @Override
    public void setPath(String path) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_PATH, path);
    }

    @Override
    public void setRawQuery(String query) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_RAW_QUERY, query);
    }

    @Override
    public void setQuery(Map<String, List<String>> args) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_QUERY, Struct.of(args));
    }

    @Override
    public void clearQueryArg(String name) {
        PdkMethods.SERVICE_REQUEST_SET_RAW_QUERY.check(calls.phase(), "");
        var query = calls.ask(PdkMethods.REQUEST_GET_RAW_QUERY).get();
        var left = QueryString.without(query, name);
        if (!left.equals(query)) {
            setRawQuery(left);
        }
    }

    @Override
    public void enableBuffering() {
        if (calls.phase() != Phase.ACCESS) {
            throw new IllegalStateException(
                    "kong.service.request.enable_buffering does not work in the phase "
                            + calls.phase().wireName());
        }
        new NginxCalls(calls).setCtx("buffered_proxying", true);
    }

    @Override
    public void setRawBody(byte[] body) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_RAW_BODY, Bytes.of(body));
    }

    @Override
    public void setHeader(String name, String value) {
        var method = PdkMethods.SERVICE_REQUEST_SET_HEADER;
        calls.tell(method, Forms.header(method, name, value));
    }

    @Override
    public void addHeader(String name, String value) {
        var method = PdkMethods.SERVICE_REQUEST_ADD_HEADER;
        calls.tell(method, Forms.header(method, name, value));
    }

    @Override
    public void clearHeader(String name) {
        var method = PdkMethods.SERVICE_REQUEST_CLEAR_HEADER;
        calls.tell(method, Forms.headerName(method, name));
    }

    @Override
    public void setHeaders(Map<String, List<String>> headers) {
        var method = PdkMethods.SERVICE_REQUEST_SET_HEADERS;
        calls.tell(method, Forms.headers(method, headers));
    }
}
