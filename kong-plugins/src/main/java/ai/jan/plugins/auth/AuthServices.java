// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.metrics.AuthMetrics;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.plugins.auth.token.Providers;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.revocation.FindRevocation;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/**
 * What all of jan-auth's instances share.
 *
 * @param identityKeys by the service, or plugin, they are shared with
 */
public record AuthServices(
        ApiKeyVerifier apiKeys,
        KeyUses keyUses,
        Providers providers,
        FindRevocation revoked,
        Map<String, IdentityKey> identityKeys,
        AuthMetrics metrics,
        Tracing tracing,
        Clock clock,
        SecureRandom random) {
    public AuthServices {
        identityKeys = Map.copyOf(identityKeys);
    }
}
