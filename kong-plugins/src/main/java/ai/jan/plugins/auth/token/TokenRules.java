// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import java.time.Duration;
import java.util.Set;

/**
 * Which tokens are accepted.
 *
 * @param issuer the exact {@code iss}
 * @param audiences at least one of them must be in {@code aud}
 * @param clockSkew by how much the provider's clock may differ from ours
 */
public record TokenRules(String issuer, Set<String> audiences, Duration clockSkew) {
    public TokenRules {
        audiences = Set.copyOf(audiences);
        if (issuer.isBlank() || audiences.isEmpty()) {
            throw new IllegalArgumentException("an issuer and an audience are needed");
        }
    }
}
