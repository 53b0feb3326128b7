// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.HeaderValues;
import ai.jan.kong.testkit.PdkCalls;
import java.util.List;

/** {@code kong.response}. */
final class ResponseCalls {
    private ResponseCalls() {}

    static void addTo(PdkCalls.Builder<Exchange> calls) {
        calls.on(PdkMethods.RESPONSE_GET_STATUS, (exchange, _) -> exchange.status)
                .on(
                        PdkMethods.RESPONSE_GET_HEADER,
                        (exchange, name) -> exchange.response.find(name).orElse(null))
                .on(
                        PdkMethods.RESPONSE_GET_HEADERS,
                        (exchange, limit) ->
                                exchange.response.table(RequestCalls.limit(exchange, limit)))
                .on(PdkMethods.RESPONSE_GET_SOURCE, (exchange, _) -> exchange.source)
                .run(PdkMethods.RESPONSE_SET_STATUS, (exchange, status) -> exchange.status = status)
                .run(
                        PdkMethods.RESPONSE_SET_HEADER,
                        (exchange, pair) -> set(exchange, pair.k(), HeaderValues.of(pair.v())))
                .run(
                        PdkMethods.RESPONSE_ADD_HEADER,
                        (exchange, pair) -> add(exchange, pair.k(), HeaderValues.of(pair.v())))
                .run(
                        PdkMethods.RESPONSE_CLEAR_HEADER,
                        (exchange, name) -> exchange.response.remove(name))
                .run(
                        PdkMethods.RESPONSE_SET_HEADERS,
                        (exchange, headers) ->
                                HeaderValues.of(headers)
                                        .forEach((name, values) -> set(exchange, name, values)));
    }

    private static void set(Exchange exchange, String name, List<String> values) {
        if (!isIgnored(name)) {
            exchange.response.set(name, values.stream().map(ResponseCalls::clean).toList());
        }
    }

    private static void add(Exchange exchange, String name, List<String> values) {
        if (!isIgnored(name)) {
            values.forEach(value -> exchange.response.add(name, clean(value)));
        }
    }

    /** Kong decides on the framing and writes a warning. */
    static boolean isIgnored(String name) {
        return name.equalsIgnoreCase("Transfer-Encoding");
    }

    /** An empty value arrives as a space, a line end as well. */
    static String clean(String value) {
        return value.isEmpty() ? " " : value.replaceAll("[\\r\\n\\x00]", " ");
    }
}
