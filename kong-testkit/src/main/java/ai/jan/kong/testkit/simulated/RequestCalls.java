// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.QueryString;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.UriCapturesResult;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkCalls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code kong.request}. */
final class RequestCalls {
    /** Of headers that were kept for log, and of query arguments where no limit is given. */
    static final int DEFAULT_LIMIT = 100;

    private RequestCalls() {}

    static void addTo(PdkCalls.Builder<Exchange> calls) {
        calls.on(PdkMethods.REQUEST_GET_SCHEME, (exchange, _) -> exchange.requestScheme())
                .on(PdkMethods.REQUEST_GET_HOST, (exchange, _) -> host(exchange))
                .on(PdkMethods.REQUEST_GET_PORT, (exchange, _) -> exchange.port())
                .on(
                        PdkMethods.REQUEST_GET_FORWARDED_SCHEME,
                        (exchange, _) ->
                                forwarded(exchange, "Proto")
                                        .map(scheme -> scheme.toLowerCase(Locale.ROOT))
                                        .orElseGet(exchange::requestScheme))
                .on(
                        PdkMethods.REQUEST_GET_FORWARDED_HOST,
                        (exchange, _) ->
                                forwarded(exchange, "Host")
                                        .map(RequestCalls::withoutPort)
                                        .orElseGet(() -> host(exchange)))
                .on(
                        PdkMethods.REQUEST_GET_FORWARDED_PORT,
                        (exchange, _) ->
                                forwarded(exchange, "Port")
                                        .filter(port -> port.matches("\\d{1,5}"))
                                        .map(Integer::valueOf)
                                        .orElseGet(exchange::port))
                .on(
                        PdkMethods.REQUEST_GET_HTTP_VERSION,
                        (exchange, _) -> exchange.request.version())
                .on(PdkMethods.REQUEST_GET_METHOD, (exchange, _) -> exchange.method)
                .on(
                        PdkMethods.REQUEST_GET_PATH,
                        (exchange, _) -> RequestPaths.normalised(exchange.request.rawPath()))
                .on(PdkMethods.REQUEST_GET_PATH_WITH_QUERY, (exchange, _) -> exchange.rawTarget())
                .on(PdkMethods.REQUEST_GET_RAW_QUERY, (exchange, _) -> exchange.query)
                .on(PdkMethods.REQUEST_GET_QUERY_ARG, RequestCalls::queryArg)
                .on(PdkMethods.REQUEST_GET_QUERY, (exchange, limit) -> query(exchange.query, limit))
                .on(
                        PdkMethods.REQUEST_GET_HEADER,
                        (exchange, name) -> exchange.headers.find(name).orElse(null))
                .on(
                        PdkMethods.REQUEST_GET_HEADERS,
                        (exchange, limit) -> exchange.headers.table(limit(exchange, limit)))
                .on(PdkMethods.REQUEST_GET_RAW_BODY, (exchange, _) -> exchange.rawBody())
                .on(PdkMethods.REQUEST_GET_URI_CAPTURES, (exchange, _) -> captures(exchange));
    }

    static String host(Exchange exchange) {
        return exchange.headers.first("Host").map(RequestCalls::withoutPort).orElse("");
    }

    private static String withoutPort(String host) {
        return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    }

    static int limit(Exchange exchange, int asked) {
        return exchange.phase == Phase.LOG ? DEFAULT_LIMIT : asked;
    }

    private static Optional<String> forwarded(Exchange exchange, String name) {
        return exchange.kong.trusted().contains(exchange.request.ip())
                ? exchange.request.headers().first("X-Forwarded-" + name)
                : Optional.empty();
    }

    /** Kong cannot send the true that an argument without a value is. */
    private static @Nullable String queryArg(Exchange exchange, String name) throws LuaError {
        for (var arg : QueryString.parse(exchange.query)) {
            if (arg.name().equals(name)) {
                return arg.value()
                        .orElseThrow(() -> new LuaError("an argument without a value is true"));
            }
        }
        return null;
    }

    static Struct query(String query, int limit) {
        Map<String, List<Value>> values = new LinkedHashMap<>();
        QueryString.parse(query).stream()
                .limit(limit)
                .forEach(arg ->
                        values.computeIfAbsent(arg.name(), _ -> new ArrayList<>())
                                .add(
                                        arg.value()
                                                .<Value>map(Value.Text::new)
                                                .orElse(new Value.Flag(true))));
        return HeaderLines.table(values);
    }

    private static @Nullable UriCapturesResult captures(Exchange exchange) {
        var path = RequestPaths.normalised(exchange.request.rawPath());
        for (var prefix : exchange.route().map(r -> Entities.texts(r, "paths")).orElse(List.of())) {
            if (prefix.startsWith("~")) {
                var pattern = Pattern.compile(RequestPaths.groups(prefix.substring(1)));
                var matcher = pattern.matcher(path);
                if (matcher.lookingAt()) {
                    return captures(matcher, pattern);
                }
            }
        }
        return null;
    }

    private static @Nullable UriCapturesResult captures(Matcher matcher, Pattern pattern) {
        if (matcher.groupCount() == 0) {
            return null;
        }
        var unnamed = new ArrayList<Bytes>();
        var named = new LinkedHashMap<String, Bytes>();
        for (int i = 1; i <= matcher.groupCount() && matcher.group(i) != null; i++) {
            unnamed.add(Bytes.ofText(matcher.group(i)));
        }
        pattern.namedGroups()
                .forEach((name, index) -> {
                    var value = matcher.group(index);
                    if (value != null) {
                        named.put(name, Bytes.ofText(value));
                    }
                });
        return new UriCapturesResult(unnamed, named);
    }
}
