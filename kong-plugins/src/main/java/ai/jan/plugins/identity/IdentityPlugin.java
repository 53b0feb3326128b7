// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.plugins.Event;
import ai.jan.plugins.JanPlugin;
import ai.jan.plugins.Services;
import ai.jan.plugins.auth.AuthPlugin;
import ai.jan.plugins.keycloak.KeycloakUnavailable;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin jan-identity. Answers the routes of {@code /auth/…} itself; there is no service behind
 * them. It believes who the caller is only if jan-auth signed it for this plugin, with a key that
 * never leaves the process.
 */
public final class IdentityPlugin extends JanPlugin {
    /** The name for which jan-auth signs identities that this plugin accepts. */
    public static final String NAME = "jan-identity";

    private static final Logger LOG = LoggerFactory.getLogger(IdentityPlugin.class);
    private static final int MAX_BODY = 64 * 1024;
    private static final String ALIAS = "/llm/";

    private final IdentityVerifier verifier;
    private final Endpoints endpoints;

    IdentityPlugin(IdentityVerifier verifier, Endpoints endpoints, Tracing tracing) {
        super(NAME, tracing);
        this.verifier = verifier;
        this.endpoints = endpoints;
    }

    /**
     * @param services asked for when Kong configures the plugin
     */
    public static PluginDefinition<IdentityConfig, IdentityPlugin> definition(
            Supplier<Services> services) {
        return new PluginDefinition<>(
                NAME,
                "1.0.0",
                800, // after everything that may refuse a request
                IdentityConfig.class,
                IdentityPlugin.class,
                config -> of(config, services.get()));
    }

    private static IdentityPlugin of(IdentityConfig config, Services services) {
        var key = Objects.requireNonNull(services.identityKeys().get(NAME));
        var endpoints = new Endpoints();
        CallerEndpoints.addTo(endpoints);
        new KeyEndpoints(services.ownedKeys(), config, services.clock()).addTo(endpoints);
        new ResourceMetadata(config).addTo(endpoints);
        AccountEndpoints.add(endpoints, config, services);
        return new IdentityPlugin(
                new IdentityVerifier(NAME, List.of(key), services.clock()),
                endpoints,
                services.tracing());
    }

    @Override
    protected void access(Kong kong, Event event) {
        var method = kong.request().getMethod();
        var path = kong.request().getPath();
        var query = kong.request().getRawQuery();
        var headers = kong.request().getHeaders();
        var identity = kong.ctx().shared().get(AuthPlugin.SHARED_IDENTITY);
        var body = kong.request().getRawBody(MAX_BODY);
        var signed = identity.get().filter(String.class::isInstance).map(String.class::cast);
        var call =
                new Call(
                        method.get(),
                        canonical(path.get()),
                        query.get(),
                        headers.get(),
                        signed.flatMap(verifier::verify),
                        body.get());
        var reply = answer(call);
        throw kong.response().exit(reply.status(), reply.body().toArray(), reply.headers());
    }

    private Reply answer(Call call) {
        try {
            return endpoints.answer(call);
        } catch (DatabaseUnavailable e) {
            throw unavailable("database_unavailable").because(e);
        } catch (KeycloakUnavailable e) {
            LOG.warn("Keycloak: {}", e.getMessage());
            throw unavailable("identity_provider_unavailable").because(e);
        }
    }

    private static ApiProblem unavailable(String code) {
        return ApiProblem.unavailable(code, "This cannot be done at the moment. Try again shortly.")
                .header("Retry-After", "2");
    }

    private static String canonical(String path) {
        var plain = path.startsWith(ALIAS) ? path.substring(ALIAS.length() - 1) : path;
        return plain.length() > 1 && plain.endsWith("/")
                ? plain.substring(0, plain.length() - 1)
                : plain;
    }
}
