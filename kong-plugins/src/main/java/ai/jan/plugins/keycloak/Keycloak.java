// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.config.Secret;
import java.time.InstantSource;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * What this process can do at Keycloak.
 *
 * @param tokens for people
 * @param guests their accounts
 * @param events of the realm, if this process may read them
 * @param secret of our client, from which all nodes can derive the same keys
 */
public record Keycloak(
        TokenEndpoint tokens, GuestAccounts guests, Optional<RealmEvents> events, Secret secret) {
    private static final String WATCH = "-watch";

    public static Keycloak at(KeycloakSettings settings, OkHttpClient client, InstantSource clock) {
        var http = new KeycloakHttp(client);
        var url = HttpUrl.get(settings.url().toString());
        var realm =
                url.newBuilder().addPathSegment("realms").addPathSegment(settings.realm()).build();
        var admin =
                url.newBuilder()
                        .addPathSegments("admin/realms")
                        .addPathSegment(settings.realm())
                        .build();
        var tokens = new TokenEndpoint(http, realm, settings.client(), settings.clientSecret());
        var account = new ServiceAccount(http, tokens, clock);
        var events =
                settings.watchSecret()
                        .map(secret ->
                                new TokenEndpoint(http, realm, settings.client() + WATCH, secret))
                        .map(endpoint -> new ServiceAccount(http, endpoint, clock))
                        .map(watcher -> new RealmEvents(settings.realm(), watcher, account, admin));
        return new Keycloak(
                tokens, new GuestAccounts(account, admin), events, settings.clientSecret());
    }
}
