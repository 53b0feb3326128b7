// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.ServiceResponse;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

record ServiceResponseCalls(Calls calls) implements ServiceResponse {
    @Override
    public Answer<Integer> getStatus() {
        return calls.ask(PdkMethods.SERVICE_RESPONSE_GET_STATUS);
    }

    @Override
    public Answer<Optional<String>> getHeader(String name) {
        return calls.ask(PdkMethods.SERVICE_RESPONSE_GET_HEADER, name, Forms::text);
    }

    @Override
    public Answer<Kong.Headers> getHeaders() {
        PdkMethods.SERVICE_RESPONSE_GET_HEADERS.check(calls.phase(), Forms.LIMIT);
        return new OneByOne(new ResponseCalls(calls).getHeaders());
    }

    @Override
    public Answer<Bytes> getRawBody() {
        return calls.ask(PdkMethods.SERVICE_RESPONSE_GET_RAW_BODY);
    }

    /** Asks for each header that the client gets whether the service has sent it. */
    private final class OneByOne implements Answer<Kong.Headers> {
        private final Answer<Kong.Headers> sent;
        private Kong.@Nullable Headers headers;

        OneByOne(Answer<Kong.Headers> sent) {
            this.sent = sent;
        }

        @Override
        public Kong.Headers get() {
            if (headers == null) {
                headers = ask(sent.get().values().keySet(), sent.get().truncated());
            }
            return headers;
        }

        private Kong.Headers ask(Set<String> names, boolean truncated) {
            Map<String, Answer<Optional<String>>> asked = new LinkedHashMap<>();
            names.forEach(name -> asked.put(name, getHeader(name)));
            Map<String, List<String>> values = new LinkedHashMap<>();
            asked.forEach((name, value) ->
                    value.get().ifPresent(text -> values.put(name, List.of(text))));
            return new Kong.Headers(Collections.unmodifiableMap(values), truncated);
        }
    }
}
