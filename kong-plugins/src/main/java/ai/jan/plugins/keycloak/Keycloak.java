// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.config.Secret;
import java.time.InstantSource;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * What this process can do at Keycloak.
 *
 * @param tokens for people
 * @param guests their accounts
 * @param secret of our client, from which all nodes can derive the same keys
 */
public record Keycloak(TokenEndpoint tokens, GuestAccounts guests, Secret secret) {
    public static Keycloak at(KeycloakSettings settings, OkHttpClient client, InstantSource clock) {
        var http = new KeycloakHttp(client);
        var url = HttpUrl.get(settings.url().toString());
        var tokens =
                new TokenEndpoint(
                        http,
                        url.newBuilder()
                                .addPathSegment("realms")
                                .addPathSegment(settings.realm())
                                .build(),
                        settings);
        var account = new ServiceAccount(http, tokens, clock);
        var admin =
                url.newBuilder()
                        .addPathSegments("admin/realms")
                        .addPathSegment(settings.realm())
                        .build();
        return new Keycloak(tokens, new GuestAccounts(account, admin), settings.clientSecret());
    }
}
