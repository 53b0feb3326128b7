// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kong.pdk.Kong;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Cookies as we set them: no script can read them, they are sent over TLS (and to this machine)
 * only, and never with a request that another site has caused.
 */
final class Cookies {
    private Cookies() {}

    static String of(String name, String value, Duration lifetime) {
        return "%s=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Strict"
                .formatted(name, value, lifetime.toSeconds());
    }

    /** Has the browser forget it. */
    static String cleared(String name) {
        return of(name, "", Duration.ZERO);
    }

    /** The value of the first cookie of that name (RFC 6265 5.4), unless it is empty. */
    static Optional<String> of(Kong.Headers headers, String name) {
        return headers.values().getOrDefault("cookie", List.of()).stream()
                .flatMap(header -> List.of(header.split(";")).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
