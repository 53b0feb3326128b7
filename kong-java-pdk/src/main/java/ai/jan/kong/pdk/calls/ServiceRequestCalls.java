// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.ServiceRequest;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.List;
import java.util.Map;

record ServiceRequestCalls(Calls calls) implements ServiceRequest {
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
    public void setRawBody(byte[] body) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_RAW_BODY, Bytes.of(body));
    }

    @Override
    public void setHeader(String name, String value) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_HEADER, Forms.header(name, value));
    }

    @Override
    public void addHeader(String name, String value) {
        calls.tell(PdkMethods.SERVICE_REQUEST_ADD_HEADER, Forms.header(name, value));
    }

    @Override
    public void clearHeader(String name) {
        calls.tell(PdkMethods.SERVICE_REQUEST_CLEAR_HEADER, Forms.headerName(name));
    }

    @Override
    public void setHeaders(Map<String, List<String>> headers) {
        calls.tell(PdkMethods.SERVICE_REQUEST_SET_HEADERS, Forms.headers(headers));
    }
}
