// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kong.pdk.Kong;
import ai.jan.plugins.auth.ReservedHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Headers that the service gets otherwise than the client sent them. */
final class HeaderRules {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}");
    private static final Pattern VALUE = Pattern.compile("[ -~]{0,4000}");

    /** Those by which a request is read, and those that Kong and other plugins set. */
    private static final Set<String> UNTOUCHABLE =
            Set.of(
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "expect",
                    "host",
                    "keep-alive",
                    "te",
                    "traceparent",
                    "tracestate",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "x-request-id");

    private final HeaderConfig config;

    /**
     * @throws IllegalArgumentException if a header must not be touched, or cannot be
     */
    HeaderRules(HeaderConfig config) {
        this.config = config;
        var names = new ArrayList<>(config.remove());
        names.addAll(config.rename().keySet());
        names.addAll(config.rename().values());
        names.addAll(config.set().keySet());
        for (var name : names) {
            var lower = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()
                    || UNTOUCHABLE.contains(lower)
                    || lower.startsWith("x-kong-")
                    || lower.startsWith("x-forwarded-")
                    || ReservedHeaders.isReserved(name)) {
                throw new IllegalArgumentException("headers: not to be touched: " + name);
            }
        }
        for (var value : config.set().values()) {
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("headers.set: ASCII only");
            }
        }
    }

    /**
     * What to set: a name without values is removed.
     *
     * @param sent the client's headers
     */
    Map<String, List<String>> changes(Kong.Headers sent) {
        Map<String, List<String>> changes = new HashMap<>();
        config.remove().forEach(name -> changes.put(name, List.of()));
        config.rename()
                .forEach((from, to) -> {
                    var values =
                            sent.values().getOrDefault(from.toLowerCase(Locale.ROOT), List.of());
                    if (!values.isEmpty()) {
                        changes.put(from, List.of());
                        changes.put(to, values);
                    }
                });
        config.set().forEach((name, value) -> changes.put(name, List.of(value)));
        return changes;
    }
}
