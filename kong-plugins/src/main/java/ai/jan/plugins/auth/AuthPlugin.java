// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.plugins.Event;
import ai.jan.plugins.JanPlugin;
import ai.jan.plugins.ProtectedResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plugin jan-auth. Finds out who is calling, takes away everything by which a caller could
 * claim to be somebody, and tells the service in one signed header. One round trip to Kong.
 */
public final class AuthPlugin extends JanPlugin {
    /** The signed identity in {@code kong.ctx.shared}, for the plugins that come after. */
    public static final String SHARED_IDENTITY = "jan_identity";

    private static final String NAME = "jan-auth";

    /** The plugin that tells callers who they are; nobody else learns their names. */
    private static final String IDENTITY = "jan-identity";

    private final Authenticator authenticator;
    private final Requirements requirements;
    private final @Nullable String anonymousPlan;
    private final Challenge challenge;
    private final Map<String, String> consumers;
    private final IdentitySigner signer;
    private final boolean tellsNames;
    private final TraceParent trace;

    /**
     * @param anonymousPlan of those without a credential; null: they are refused
     * @param consumers plan to the id of the Kong consumer that stands for it
     * @param tellsNames whether the identity says what the account is called
     */
    AuthPlugin(
            Authenticator authenticator,
            Requirements requirements,
            @Nullable String anonymousPlan,
            Challenge challenge,
            Map<String, String> consumers,
            IdentitySigner signer,
            boolean tellsNames,
            TraceParent trace,
            Tracing tracing) {
        super(NAME, tracing);
        this.authenticator = authenticator;
        this.requirements = requirements;
        this.anonymousPlan = anonymousPlan;
        this.challenge = challenge;
        this.consumers = Map.copyOf(consumers);
        this.signer = signer;
        this.tellsNames = tellsNames;
        this.trace = trace;
    }

    /**
     * @param services asked for when Kong configures the plugin
     */
    public static PluginDefinition<AuthConfig, AuthPlugin> definition(
            Supplier<AuthServices> services) {
        return new PluginDefinition<>(
                NAME,
                "1.0.0",
                1251, // after the bundled plugins that need no identity, before those that do
                AuthConfig.class,
                AuthPlugin.class,
                config -> of(config, services.get()));
    }

    private static AuthPlugin of(AuthConfig config, AuthServices services) {
        var key = services.identityKeys().get(config.audience());
        if (key == null) {
            throw new IllegalArgumentException("there is no key for " + config.audience());
        }
        var plans = new Plans(config.plans(), config.rolePlans());
        if (!config.plans().containsAll(config.consumers().keySet())) {
            throw new IllegalArgumentException("consumers names a plan that is not in plans");
        }
        var requirements = new Requirements(config.requiredRoles(), config.requiredScopes());
        var anonymousPlan = config.anonymousPlan();
        if (anonymousPlan != null
                && (!config.plans().contains(anonymousPlan)
                        || !requirements.equals(Requirements.NONE))) {
            throw new IllegalArgumentException(
                    "anonymous_plan is not in plans, or stands beside required roles or scopes");
        }
        config.consumers().values().forEach(UUID::fromString); // refuses what is no id
        return new AuthPlugin(
                new Authenticator(
                        ConfiguredIssuers.of(config, services),
                        services.revoked(),
                        services.apiKeys(),
                        services.keyUses(),
                        plans,
                        new Teams(config.noTeams()),
                        services.metrics()),
                requirements,
                anonymousPlan,
                new Challenge(resourceMetadata(config), config.requiredScopes()),
                config.consumers(),
                new IdentitySigner(config.audience(), key, services.clock()),
                config.audience().equals(IDENTITY),
                new TraceParent(services.random()),
                services.tracing());
    }

    private static @Nullable String resourceMetadata(AuthConfig config) {
        var publicUrl = config.publicUrl();
        var path = config.resource();
        return publicUrl == null || path == null
                ? null
                : ProtectedResource.at(publicUrl).map(at -> at.metadata(path)).orElse(null);
    }

    @Override
    protected void access(Kong kong, Event event) {
        var sentHeaders = kong.request().getHeaders();
        var sentQuery = kong.request().getRawQuery();
        var headers = sentHeaders.get();
        if (headers.truncated()) {
            throw new ApiProblem(
                    431,
                    ApiProblem.INVALID_REQUEST,
                    "too_many_headers",
                    null,
                    "The request has too many headers.");
        }
        var caller = permitted(headers, event);
        var proven = caller.identity(event.requestId());
        var identity = signer.sign(tellsNames ? proven.with(caller.person()) : proven);

        // First take away, then set: within one call Kong keeps no order.
        var service = kong.service().request();
        boolean isTraced = TraceParent.isPresentIn(headers);
        var removed = removed(headers, isTraced);
        if (!removed.isEmpty()) {
            service.setHeaders(removed);
        }
        Map<String, List<String>> added = new HashMap<>();
        added.put(Identity.HEADER, List.of(identity));
        if (!isTraced) {
            added.put(TraceParent.HEADER, List.of(event.newTrace().orElseGet(trace::mint)));
        }
        service.setHeaders(added);
        var query = QueryCredentials.removedFrom(sentQuery.get());
        if (!query.equals(sentQuery.get())) {
            service.setRawQuery(query);
        }
        kong.ctx().shared().set(SHARED_IDENTITY, identity);
        var consumer = consumers.get(caller.plan());
        if (consumer != null) {
            kong.client().authenticate(new Consumer(consumer, 0, "", "", List.of()), null);
        }
        kong.response()
                .setHeaders(
                        Map.of(
                                "X-Auth-Method", List.of(caller.method().wireName()),
                                "X-Principal-Id", List.of(caller.subject()),
                                "X-User-ID", List.of(caller.subject())));
    }

    private Caller permitted(Kong.Headers headers, Event event) {
        try {
            var credential = Credential.of(headers);
            if (credential.isEmpty()) {
                return anonymous(event);
            }
            var caller = authenticator.authenticate(credential.get());
            requirements.check(caller);
            return caller;
        } catch (ApiProblem problem) {
            throw challenge.to(problem);
        }
    }

    private Caller anonymous(Event event) {
        if (anonymousPlan == null) {
            throw ApiProblem.unauthorized(
                    null,
                    "You didn't provide an API key. Send an API key or an access token in the"
                            + " Authorization header (Authorization: Bearer YOUR_KEY), or an API"
                            + " key in the X-API-Key header.");
        }
        return Caller.anonymous(anonymousPlan, event.requestId());
    }

    /** What the client sent and no service may see; the state of a trace that there is not, too. */
    private static Map<String, List<String>> removed(Kong.Headers headers, boolean isTraced) {
        Map<String, List<String>> removed = new HashMap<>();
        ReservedHeaders.among(headers.values().keySet())
                .forEach(name -> removed.put(name, List.of()));
        if (!isTraced && headers.values().containsKey(TraceParent.STATE_HEADER)) {
            removed.put(TraceParent.STATE_HEADER, List.of());
        }
        return removed;
    }
}
