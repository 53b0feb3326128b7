// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of guests.
 *
 * @param lifetime how long the account of a guest exists
 * @param conversations the service that is asked to erase what it keeps for one; nothing: it stays
 */
public record GuestSettings(Duration lifetime, Optional<URI> conversations) {
    private static final String LLM_API = "JAN_LLM_API_URL";
    private static final int WEEK = 7 * 24;
    private static final int YEAR = 366 * 24;

    static GuestSettings from(Settings settings) {
        return new GuestSettings(
                Duration.ofHours(settings.number("JAN_GUEST_LIFETIME_HOURS", WEEK, 1, YEAR)),
                settings.optionalText(LLM_API)
                        .map(_ -> settings.url(LLM_API, "http://llm-api-lite:8080")));
    }
}
