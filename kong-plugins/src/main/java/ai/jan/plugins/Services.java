// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.metrics.AuthMetrics;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.plugins.auth.AuthServices;
import ai.jan.plugins.auth.token.Providers;
import ai.jan.plugins.keycloak.Keycloak;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.keys.OwnedKeys;
import ai.jan.plugins.quota.QuotaServices;
import ai.jan.plugins.revocation.Revocations;
import ai.jan.plugins.revocation.RevokedTokens;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * What the plugins of this process share, wired in {@link Main}.
 *
 * @param keycloak nothing if the process is not told where it is
 * @param revocations for those who revoke tokens
 * @param revokedTokens for those who accept them
 * @param identityKeys by the service, or plugin, they are shared with
 */
public record Services(
        ApiKeyVerifier apiKeys,
        KeyUses keyUses,
        OwnedKeys ownedKeys,
        Providers providers,
        Optional<Keycloak> keycloak,
        Revocations revocations,
        RevokedTokens revokedTokens,
        QuotaServices quota,
        Map<String, IdentityKey> identityKeys,
        AuthMetrics metrics,
        Tracing tracing,
        Clock clock,
        SecureRandom random) {
    public Services {
        identityKeys = Map.copyOf(identityKeys);
    }

    /** What jan-auth needs of them. */
    AuthServices auth() {
        return new AuthServices(
                apiKeys,
                keyUses,
                providers,
                revokedTokens,
                identityKeys,
                metrics,
                tracing,
                clock,
                random);
    }
}
