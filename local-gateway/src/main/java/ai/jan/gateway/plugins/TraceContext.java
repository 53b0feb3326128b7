// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.proxy.Headers;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Where a request is in a trace; ids in lower-case hex.
 *
 * @param traceId empty if the headers promise a trace without naming it
 * @param parentId the span above this one
 */
record TraceContext(String traceId, String spanId, String parentId, boolean sampled) {
    private static final Pattern W3C =
            Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final Pattern JAEGER =
            Pattern.compile("([0-9a-f]{1,32}):([0-9a-f]{1,16}):([0-9a-f]{1,16}):([0-9a-f]{1,2})");
    private static final Pattern HEX = Pattern.compile("(?i)[0-9a-f]{16}(?:[0-9a-f]{16})?");

    static String randomId(int bytes) {
        var id = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** How a context is written in headers. */
    enum Format {
        W3C("traceparent") {
            @Override
            Optional<TraceContext> extract(Headers headers) {
                var parts = TraceContext.W3C.matcher(headers.first("traceparent").orElse(""));
                return parts.matches()
                        ? Optional.of(context(parts.group(1), parts.group(2), parts.group(3)))
                        : Optional.empty();
            }

            @Override
            void inject(Headers headers, TraceContext context) {
                headers.set(
                        "traceparent",
                        "00-%s-%s-%s".formatted(context.traceId, context.spanId, context.flags()));
            }
        },
        B3("x-b3-traceid") {
            // Kong looks for B3 within a tracestate, too, and takes any for it
            @Override
            boolean present(Headers headers) {
                return super.present(headers) || headers.has("tracestate");
            }

            @Override
            Optional<TraceContext> extract(Headers headers) {
                var id = headers.first("x-b3-traceid").filter(text -> HEX.matcher(text).matches());
                var sampled = headers.first("x-b3-sampled").orElse("1");
                return id.map(
                        trace -> context(trace, headers.first("x-b3-spanid").orElse(""), sampled));
            }

            @Override
            void inject(Headers headers, TraceContext context) {
                headers.set("x-b3-traceid", context.traceId);
                headers.set("x-b3-spanid", context.spanId);
                headers.set("x-b3-parentspanid", context.parentId);
                headers.set("x-b3-sampled", context.sampled ? "1" : "0");
            }
        },
        JAEGER("uber-trace-id") {
            @Override
            Optional<TraceContext> extract(Headers headers) {
                var parts = TraceContext.JAEGER.matcher(headers.first("uber-trace-id").orElse(""));
                return parts.matches()
                        ? Optional.of(context(parts.group(1), parts.group(2), parts.group(4)))
                        : Optional.empty();
            }

            @Override
            void inject(Headers headers, TraceContext context) {
                headers.set(
                        "uber-trace-id",
                        String.join(
                                ":",
                                context.traceId,
                                context.spanId,
                                context.parentId,
                                context.flags()));
            }
        };

        private final String header;

        Format(String header) {
            this.header = header;
        }

        static Format of(String name) {
            return switch (name) {
                case "b3" -> B3;
                case "jaeger" -> JAEGER;
                default -> W3C;
            };
        }

        private static TraceContext context(String trace, String span, String flags) {
            boolean sampled = (Integer.parseInt(flags, 16) & 1) == 1;
            return new TraceContext(trace, span, "", sampled);
        }

        /** Whether a request has headers of this kind, be they valid or not. */
        boolean present(Headers headers) {
            return headers.has(header);
        }

        abstract Optional<TraceContext> extract(Headers headers);

        abstract void inject(Headers headers, TraceContext context);
    }

    private String flags() {
        return sampled ? "01" : "00";
    }
}
