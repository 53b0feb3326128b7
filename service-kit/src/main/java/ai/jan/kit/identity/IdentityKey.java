// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The secret one service shares with the gateway plugins; it signs what is meant for that service
 * and for no other. At least 32 bytes (RFC 7518 3.2). Never printed.
 */
public final class IdentityKey {
    private static final int MIN_BYTES = 32;

    private final byte[] secret;

    private IdentityKey(byte[] secret) {
        this.secret = secret;
    }

    /**
     * @throws IllegalArgumentException if the secret is shorter than 32 bytes of UTF-8
     */
    public static IdentityKey of(String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_BYTES) {
            throw new IllegalArgumentException(
                    "an identity key has at least " + MIN_BYTES + " bytes");
        }
        return new IdentityKey(bytes);
    }

    /** Signs with HS256. */
    public MACSigner signer() {
        try {
            return new MACSigner(secret);
        } catch (JOSEException e) {
            throw new IllegalStateException("32 bytes are enough for HS256", e);
        }
    }

    /** Checks what {@link #signer} signed. */
    public MACVerifier verifier() {
        try {
            return new MACVerifier(secret);
        } catch (JOSEException e) {
            throw new IllegalStateException("32 bytes are enough for HS256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityKey key && Arrays.equals(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(secret);
    }

    @Override
    public String toString() {
        return "IdentityKey[***]";
    }
}
