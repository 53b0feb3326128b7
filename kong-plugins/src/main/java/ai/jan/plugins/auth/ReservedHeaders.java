// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The request headers that only the gateway may write, and those that carry credentials. None of
 * them passes from a client to a service, whatever its spelling: Kong passes {@code X_User_Id} on
 * as a header of its own, and many a service reads it as {@code X-User-Id}.
 */
public final class ReservedHeaders {
    private static final List<String> PREFIXES =
            List.of(
                    "x-jan-",
                    "x-user-",
                    "x-auth-",
                    "x-authenticated-",
                    "x-principal-",
                    "x-consumer-",
                    "x-credential-",
                    "x-quota-",
                    "x-reservation-",
                    "x-openwebui-",
                    "x-forwarded-user-",
                    "x-forwarded-preferred-");

    private static final Set<String> NAMES =
            Set.of(
                    "x-anonymous-consumer",
                    "x-forwarded-access-token",
                    "x-forwarded-email",
                    "x-forwarded-groups",
                    "x-forwarded-user",
                    "x-original-uri",
                    "x-original-url",
                    "x-plan",
                    "x-principal",
                    "x-remote-user",
                    "x-reservation",
                    "x-rewrite-url",
                    "x-roles",
                    "x-scopes",
                    "x-subject",
                    "x-team",
                    "x-tenant",
                    "x-user",
                    "remote-user",
                    // credentials end here; the services know no cookies
                    "apikey",
                    "authorization",
                    "cookie",
                    "proxy-authorization",
                    "x-api-key");

    private static final Pattern NOT_ALPHANUMERIC = Pattern.compile("[^a-z0-9-]");

    private ReservedHeaders() {}

    /** Those of the names, as they were spelt, that must not reach a service. */
    static List<String> among(Collection<String> names) {
        return names.stream().filter(ReservedHeaders::isReserved).toList();
    }

    /** Whether only the gateway may write a header, in whatever spelling. */
    public static boolean isReserved(String name) {
        var canonical = NOT_ALPHANUMERIC.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
        return NAMES.contains(canonical) || PREFIXES.stream().anyMatch(canonical::startsWith);
    }
}
