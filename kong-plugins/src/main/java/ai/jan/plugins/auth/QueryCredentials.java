// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kong.pdk.QueryString;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Credentials that clients put into the query string, where every log on the way would keep them.
 * They are not accepted (RFC 9700 4.3.2), and do not reach a service.
 */
final class QueryCredentials {
    private static final Set<String> NAMES =
            Set.of("access_token", "api_key", "apikey", "refresh_token", "x_api_key");

    private QueryCredentials() {}

    /** The query without them; the other arguments stay as they were sent. */
    static String removedFrom(String query) {
        var hasCredential = QueryString.parse(query).stream().anyMatch(QueryCredentials::isOne);
        return hasCredential
                ? QueryString.parse(query).stream()
                        .filter(arg -> !isOne(arg))
                        .map(QueryString.Arg::raw)
                        .collect(Collectors.joining("&"))
                : query;
    }

    private static boolean isOne(QueryString.Arg arg) {
        return NAMES.contains(arg.name().toLowerCase(Locale.ROOT).replace('-', '_'));
    }
}
