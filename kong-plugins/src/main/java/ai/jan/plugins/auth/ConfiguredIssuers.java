// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.plugins.auth.token.TokenRules;
import ai.jan.plugins.auth.token.TokenVerifier;
import ai.jan.plugins.auth.token.TrustedIssuers;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The issuers that a configuration of jan-auth names. */
final class ConfiguredIssuers {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredIssuers.class);

    private static final Pattern SUBJECT_PREFIX = Pattern.compile("[A-Za-z0-9._-]+:");

    private final AuthConfig config;
    private final AuthServices services;

    private ConfiguredIssuers(AuthConfig config, AuthServices services) {
        this.config = config;
        this.services = services;
    }

    static TrustedIssuers of(AuthConfig config, AuthServices services) {
        var configured = new ConfiguredIssuers(config, services);
        var all =
                configured.with(
                        TrustedIssuers.none(),
                        config.issuer(),
                        config.jwksUri(),
                        "",
                        config.tokenAudiences());
        for (var other : config.otherIssuers()) {
            if (!SUBJECT_PREFIX.matcher(other.subjectPrefix()).matches()) {
                throw new IllegalArgumentException(
                        "a subject_prefix is letters, digits, . _ - and a colon at the end");
            }
            all =
                    configured.with(
                            all,
                            other.issuer(),
                            other.jwksUri(),
                            other.subjectPrefix(),
                            other.tokenAudiences());
        }
        return all;
    }

    /** A vault reference to something that is not set arrives as an empty text. */
    private TrustedIssuers with(
            TrustedIssuers issuers,
            String issuer,
            String jwksUri,
            String subjectPrefix,
            Set<String> audiences) {
        var address = HttpUrl.parse(jwksUri);
        if (issuer.isBlank() || address == null) {
            LOG.error(
                    "jan-auth for {} accepts no access tokens of issuer '{}': {} is empty or not"
                            + " an address",
                    config.audience(),
                    issuer,
                    address == null ? "jwks_uri" : "issuer");
            return issuers;
        }
        var rules = new TokenRules(issuer, audiences, config.clockSkew());
        return issuers.and(
                issuer,
                subjectPrefix,
                new TokenVerifier(services.providers().keysAt(address), rules, services.clock()));
    }
}
