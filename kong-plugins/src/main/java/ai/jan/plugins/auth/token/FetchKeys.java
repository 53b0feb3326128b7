// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;

/** Asks an OpenID provider for the keys it signs with. */
@FunctionalInterface
public interface FetchKeys {
    /**
     * @throws IOException if the provider does not answer in time or not with a key set
     */
    JWKSet fetch() throws IOException;
}
