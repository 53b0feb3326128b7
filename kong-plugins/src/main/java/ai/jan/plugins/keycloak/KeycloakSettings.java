// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import java.net.URI;
import java.util.Optional;

/**
 * Where Keycloak is for this process, and as whom it goes there: a confidential client of the
 * realm, never an administrator.
 *
 * @param url of the server, such as {@code http://keycloak:8085}; may be an internal address
 * @param client the client with a service account
 * @param watchSecret of another client of that name with {@code -watch} behind it, which may read
 *     the realm's events and users, but change nothing; without it nobody follows the realm
 */
public record KeycloakSettings(
        URI url,
        String realm,
        String client,
        Secret clientSecret,
        Optional<Secret> watchSecret,
        GuestSettings guests) {
    private static final String URL = "JAN_KEYCLOAK_URL";
    private static final String CLIENT_SECRET = "JAN_KEYCLOAK_CLIENT_SECRET";
    private static final String WATCH_SECRET = "JAN_KEYCLOAK_WATCH_SECRET";
    private static final int MIN_SECRET = 32;

    /** Nothing without an address: then nobody can log in through the gateway. */
    public static Optional<KeycloakSettings> from(Settings settings) {
        if (settings.optionalText(URL).isEmpty()) {
            settings.optionalSecret(CLIENT_SECRET, MIN_SECRET);
            settings.optionalSecret(WATCH_SECRET, MIN_SECRET);
            return Optional.empty();
        }
        return Optional.of(
                new KeycloakSettings(
                        settings.url(URL, "http://keycloak:8085"),
                        settings.textOr("JAN_KEYCLOAK_REALM", "jan"),
                        settings.textOr("JAN_KEYCLOAK_CLIENT_ID", "backend"),
                        settings.secret(CLIENT_SECRET, MIN_SECRET),
                        settings.optionalSecret(WATCH_SECRET, MIN_SECRET),
                        GuestSettings.from(settings)));
    }
}
