// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Issues access tokens with the claims of Keycloak's, and publishes the key they are signed with.
 */
final class Issuer implements AutoCloseable {
    static final String NAME = "http://localhost:8085/realms/jan";

    private final RSAKey key;
    private final RSASSASigner signer;
    private final HttpServer server;

    Issuer() throws JOSEException, IOException {
        key = new RSAKeyGenerator(2048).keyID("bench").keyUse(KeyUse.SIGNATURE).generate();
        signer = new RSASSASigner(key);
        var published = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/keys",
                exchange -> {
                    exchange.sendResponseHeaders(200, published.length);
                    exchange.getResponseBody().write(published);
                    exchange.close();
                });
        server.start();
    }

    String jwksUri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    /** A token that is like no other, valid for a day. */
    String token() {
        var now = Instant.now();
        var claims =
                new JWTClaimsSet.Builder()
                        .issuer(NAME)
                        .audience(List.of("llm-api", "account"))
                        .subject(UUID.randomUUID().toString())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(86_000)))
                        .jwtID(UUID.randomUUID().toString())
                        .claim("typ", "Bearer")
                        .claim("azp", "llm-api")
                        .claim("sid", UUID.randomUUID().toString())
                        .claim("acr", "1")
                        .claim("allowed-origins", List.of("http://localhost:8000"))
                        .claim(
                                "realm_access",
                                Map.of(
                                        "roles",
                                        List.of("offline_access", "uma_authorization", "user")))
                        .claim("scope", "openid email profile")
                        .claim("email_verified", true)
                        .claim("name", "Ada Lovelace")
                        .claim("groups", List.of("research"))
                        .claim("preferred_username", "ada")
                        .claim("email", "ada@example.org")
                        .build();
        var header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build();
        var jwt = new SignedJWT(header, claims);
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
        return jwt.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
