// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Headers;

/** Of a model server's headers, those that may reach the client. */
public record PassedHeaders(Map<String, String> headers) {
    private static final List<String> ALLOWED = List.of("openai-processing-ms", "openai-version");

    static PassedHeaders of(Headers all) {
        var passed = new LinkedHashMap<String, String>();
        for (var name : ALLOWED) {
            var value = all.get(name);
            if (value != null) {
                passed.put(name, value);
            }
        }
        return new PassedHeaders(passed);
    }

    public void applyTo(Exchange exchange) {
        headers.forEach(exchange::header);
    }
}
