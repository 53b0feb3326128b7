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
                                exchange.response.answerTable(RequestCalls.limit(exchange, limit)))
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
                        (exchange, name) -> exchange.response.remove(spelled(name)))
                .run(
                        PdkMethods.RESPONSE_SET_HEADERS,
                        (exchange, headers) ->
                                HeaderValues.of(headers)
                                        .forEach((name, values) -> set(exchange, name, values)));
    }

    private static void set(Exchange exchange, String name, List<String> values) {
        if (!isIgnored(name)) {
            exchange.response.set(spelled(name), values.stream().map(ResponseCalls::sent).toList());
        }
    }

    private static void add(Exchange exchange, String name, List<String> values) {
        if (name.equalsIgnoreCase("Content-Type")) {
            set(exchange, name, values);
        } else if (!name.isEmpty()) {
            values.forEach(value -> exchange.response.add(spelled(name), sent(value)));
        }
    }

    /** Kong decides on the framing and writes a warning; only what is added it does not see. */
    static boolean isIgnored(String name) {
        return name.equalsIgnoreCase("Transfer-Encoding") || name.isEmpty();
    }

    /** In names of answers an underscore is a dash. */
    static String spelled(String name) {
        return name.replace('_', '-');
    }

    /** A value of an answer; an empty one is a space. */
    static String sent(String value) {
        return value.isEmpty() ? " " : clean(value);
    }

    /** OpenResty escapes line ends. */
    static String clean(String value) {
        return value.replace("\r", "%0D").replace("\n", "%0A").replace("\0", "%00");
    }
}
