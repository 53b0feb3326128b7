// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Fetches a JSON Web Key Set (RFC 7517) over HTTP. Keeps only public keys for signatures that are
 * long enough.
 */
public final class HttpFetchKeys implements FetchKeys {
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MIN_RSA_BITS = 2048;

    private final OkHttpClient http;
    private final HttpUrl address;

    /**
     * @param http with time-outs, and without redirects
     */
    public HttpFetchKeys(OkHttpClient http, HttpUrl address) {
        this.http = http;
        this.address = address;
    }

    @Override
    public JWKSet fetch() throws IOException {
        var request =
                new Request.Builder().url(address).header("Accept", "application/json").build();
        try (var response = http.newCall(request).execute()) {
            if (response.code() != 200) {
                throw new IOException("answered " + response.code());
            }
            var body = response.body().byteStream().readNBytes(MAX_BYTES + 1);
            if (body.length > MAX_BYTES) {
                throw new IOException("answered more than " + MAX_BYTES + " bytes");
            }
            return parse(new String(body, StandardCharsets.UTF_8));
        }
    }

    private static JWKSet parse(String text) throws IOException {
        try {
            var usable =
                    JWKSet.parse(text).toPublicJWKSet().getKeys().stream()
                            .filter(HttpFetchKeys::isUsable)
                            .toList();
            if (usable.isEmpty()) {
                throw new IOException("answered a key set without a usable signature key");
            }
            return new JWKSet(usable);
        } catch (ParseException | RuntimeException e) {
            throw new IOException("answered something that is not a key set", e);
        }
    }

    private static boolean isUsable(JWK key) {
        return key.getKeyID() != null
                && (key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                && (!(key instanceof RSAKey) || key.size() >= MIN_RSA_BITS);
    }
}
