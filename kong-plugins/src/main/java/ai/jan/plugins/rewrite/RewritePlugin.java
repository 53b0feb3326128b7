// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.RawBody;
import ai.jan.plugins.Event;
import ai.jan.plugins.JanPlugin;
import ai.jan.plugins.Services;
import ai.jan.plugins.auth.AuthPlugin;
import ai.jan.plugins.request.RequestSummary;
import ai.jan.plugins.rewrite.RewriteRules.Rewritten;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin jan-rewrite. Decides what may be asked of which model, and changes the request so that
 * it is. One round trip to Kong.
 */
public final class RewritePlugin extends JanPlugin {
    private static final String NAME = "jan-rewrite";
    private static final Logger LOG = LoggerFactory.getLogger(RewritePlugin.class);

    /** What says something about a body's bytes, and is wrong when they change. */
    private static final List<String> OF_BYTES =
            List.of("content-encoding", "content-md5", "digest", "content-digest", "repr-digest");

    private final IdentityVerifier verifier;
    private final IdentitySigner signer;
    private final PlanRules plans;
    private final RewriteRules rules;
    private final HeaderRules headerRules;
    private final int maxBody;

    private RewritePlugin(
            IdentityVerifier verifier,
            IdentitySigner signer,
            PlanRules plans,
            RewriteRules rules,
            HeaderRules headerRules,
            int maxBody,
            Tracing tracing) {
        super(NAME, tracing);
        this.verifier = verifier;
        this.signer = signer;
        this.plans = plans;
        this.rules = rules;
        this.headerRules = headerRules;
        this.maxBody = maxBody;
    }

    /**
     * @param services asked for when Kong configures the plugin
     */
    public static PluginDefinition<RewriteConfig, RewritePlugin> definition(
            Supplier<Services> services) {
        return new PluginDefinition<>(
                NAME,
                "1.0.0",
                940, // after the bundled plugins that refuse bodies, before the one that counts
                RewriteConfig.class,
                RewritePlugin.class,
                config -> of(config, services.get()));
    }

    private static RewritePlugin of(RewriteConfig config, Services services) {
        var key = services.identityKeys().get(config.audience());
        if (key == null) {
            throw new IllegalArgumentException("there is no key for " + config.audience());
        }
        return of(config, key, services.clock(), services.tracing());
    }

    static RewritePlugin of(RewriteConfig config, IdentityKey key, Clock clock) {
        return of(config, key, clock, Tracing.OFF);
    }

    private static RewritePlugin of(
            RewriteConfig config, IdentityKey key, Clock clock, Tracing tracing) {
        var aliases = new Aliases(config.aliases());
        return new RewritePlugin(
                new IdentityVerifier(config.audience(), List.of(key), clock),
                new IdentitySigner(config.audience(), key, clock),
                new PlanRules(config.plans(), aliases),
                new RewriteRules(config, aliases),
                new HeaderRules(config.headers()),
                config.maxBodyBytes(),
                tracing);
    }

    @Override
    protected void access(Kong kong, Event event) {
        var method = kong.request().getMethod();
        var path = kong.request().getPath();
        var headers = kong.request().getHeaders();
        var token = kong.ctx().shared().get(AuthPlugin.SHARED_IDENTITY);
        var raw = kong.request().getRawBody(maxBody);

        var caller = caller(token.get());
        if (caller.models() != null) {
            return; // Kong runs the event again, and all that it changes is changed
        }
        var plan = plans.of(caller.plan());
        var rewritten =
                method.get().equals("POST")
                        ? rewritten(path.get(), raw.get(), headers.get(), caller, plan)
                        : untouched();

        var service = kong.service().request();
        Map<String, List<String>> changes = new HashMap<>(headerRules.changes(headers.get()));
        rewritten
                .body()
                .ifPresent(body -> {
                    service.setRawBody(body);
                    OF_BYTES.stream()
                            .filter(headers.get().values()::containsKey)
                            .forEach(name -> changes.put(name, List.of()));
                });
        var identity = signer.sign(caller.with(plan.grant().askedFor(rewritten.alias())));
        changes.put(Identity.HEADER, List.of(identity));
        service.setHeaders(changes);
        kong.ctx().shared().set(RequestSummary.SHARED, rewritten.summary().toJson());
        kong.ctx().shared().set(AuthPlugin.SHARED_IDENTITY, identity); // last: see above
    }

    private Rewritten rewritten(
            String path, RawBody raw, Kong.Headers headers, Identity caller, PlanRules.Plan plan) {
        var call = ModelCall.of(path);
        if (call.isPresent()) {
            var body = RequestBody.of(raw, headers, maxBody);
            var rewritten = rules.call(call.get(), body.bytes(), caller, plan);
            return body.orDecoded(rewritten);
        }
        if (ModelCall.isConversation(path)) {
            var body = RequestBody.of(raw, headers, maxBody);
            return body.orDecoded(rules.conversation(body.bytes()));
        }
        return untouched();
    }

    private static Rewritten untouched() {
        return new Rewritten(Optional.empty(), null, RequestSummary.other());
    }

    private Identity caller(Optional<Object> token) {
        var identity =
                verifier.verify(
                        token.filter(String.class::isInstance)
                                .map(String.class::cast)
                                .orElse(null));
        return identity.orElseThrow(() -> {
            LOG.error("no identity for this audience: jan-auth must be on the route, too");
            return ApiProblem.internal();
        });
    }
}
