// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.plugins.JanPlugin;
import ai.jan.plugins.Services;
import ai.jan.plugins.auth.token.TokenRules;
import ai.jan.plugins.auth.token.TokenVerifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin jan-auth. Finds out who is calling, takes away everything by which a caller could
 * claim to be somebody, and tells the service in one signed header. One round trip to Kong.
 */
public final class AuthPlugin extends JanPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(AuthPlugin.class);

    private final Authenticator authenticator;
    private final IdentitySigner signer;
    private final TraceParent trace;

    AuthPlugin(Authenticator authenticator, IdentitySigner signer, TraceParent trace) {
        this.authenticator = authenticator;
        this.signer = signer;
        this.trace = trace;
    }

    /**
     * @param services asked for when Kong configures the plugin
     */
    public static PluginDefinition<AuthConfig, AuthPlugin> definition(Supplier<Services> services) {
        return new PluginDefinition<>(
                "jan-auth",
                "1.0.0",
                1251, // after the bundled plugins that need no identity, before those that do
                AuthConfig.class,
                AuthPlugin.class,
                config -> of(config, services.get()));
    }

    private static AuthPlugin of(AuthConfig config, Services services) {
        var key = services.identityKeys().get(config.audience());
        if (key == null) {
            throw new IllegalArgumentException("there is no key for " + config.audience());
        }
        return new AuthPlugin(
                new Authenticator(
                        tokens(config, services),
                        services.apiKeys(),
                        new Plans(config.plans(), config.rolePlans())),
                new IdentitySigner(config.audience(), key, services.clock()),
                new TraceParent(services.random()));
    }

    /** A vault reference to something that is not set arrives as an empty text. */
    private static Optional<TokenVerifier> tokens(AuthConfig config, Services services) {
        var address = HttpUrl.parse(config.jwksUri());
        if (config.issuer().isBlank() || address == null) {
            LOG.error(
                    "jan-auth for {} accepts no access tokens: {} is empty or not an address",
                    config.audience(),
                    address == null ? "jwks_uri" : "issuer");
            return Optional.empty();
        }
        var rules = new TokenRules(config.issuer(), config.tokenAudiences(), config.clockSkew());
        return Optional.of(
                new TokenVerifier(services.providers().keysAt(address), rules, services.clock()));
    }

    @Override
    protected void access(Kong kong, RequestId requestId) {
        var headers = kong.request().getHeaders().get();
        if (headers.truncated()) {
            throw new ApiProblem(
                    431,
                    ApiProblem.INVALID_REQUEST,
                    "too_many_headers",
                    null,
                    "The request has too many headers.");
        }
        var caller = authenticator.authenticate(Credential.of(headers));

        // First take away, then set: within one call Kong keeps no order.
        var service = kong.service().request();
        service.setHeaders(removed(ReservedHeaders.among(headers.values().keySet())));
        service.setHeader(Identity.HEADER, signer.sign(caller.identity(requestId.get())));
        if (!TraceParent.isPresentIn(headers)) {
            service.clearHeader(TraceParent.STATE_HEADER);
            service.setHeader(TraceParent.HEADER, trace.mint());
        }
        kong.response()
                .setHeaders(
                        Map.of(
                                "X-Auth-Method", List.of(caller.method().wireName()),
                                "X-Principal-Id", List.of(caller.subject()),
                                "X-User-ID", List.of(caller.subject())));
    }

    private static Map<String, List<String>> removed(List<String> names) {
        return names.stream().collect(Collectors.toMap(name -> name, _ -> List.of()));
    }
}
