// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.kit.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes API keys with the pepper of this installation. Thread-safe. */
public final class KeyHasher {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec pepper;

    public KeyHasher(Secret pepper) {
        this.pepper =
                new SecretKeySpec(pepper.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    public KeyHash hash(String key) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(pepper);
            return KeyHash.of(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
