// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.metrics.QuotaMetrics;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.RawBody;
import ai.jan.plugins.Event;
import ai.jan.plugins.JanPlugin;
import ai.jan.plugins.Services;
import ai.jan.plugins.auth.AuthPlugin;
import ai.jan.plugins.request.RequestSummary;
import ai.jan.quota.LimitState;
import ai.jan.quota.Price;
import ai.jan.quota.RateLimitHeaders;
import ai.jan.quota.Refusal;
import ai.jan.quota.Reservation;
import ai.jan.quota.ReservationSigner;
import ai.jan.quota.Spender;
import ai.jan.quota.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugin jan-quota. Reserves what a request may cost at most, or refuses it; tells the client
 * what is left, and the service what it has to settle. One round trip to Kong, one to the database.
 */
public final class QuotaPlugin extends JanPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaPlugin.class);
    private static final String NAME = "jan-quota";
    private static final String TOOLS = "mcp-tools";
    private static final int MAX_MESSAGE = 8 * 1024 * 1024;

    private final QuotaConfig config;
    private final IdentityVerifier verifier;
    private final ReservationSigner signer;
    private final PlanLimits limits;
    private final ToolCalls tools;
    private final QuotaServices quota;

    private QuotaPlugin(
            QuotaConfig config,
            IdentityKey key,
            QuotaServices quota,
            Clock clock,
            Tracing tracing) {
        super(NAME, tracing);
        this.config = config;
        this.verifier = new IdentityVerifier(config.audience(), List.of(key), clock);
        this.signer = new ReservationSigner(config.audience(), key, clock);
        this.limits = new PlanLimits(config.plans(), config.teams());
        this.tools = new ToolCalls(config.tools(), config.otherRequests());
        this.quota = quota;
    }

    /**
     * @param services asked for when Kong configures the plugin
     */
    public static PluginDefinition<QuotaConfig, QuotaPlugin> definition(
            Supplier<Services> services) {
        return new PluginDefinition<>(
                NAME,
                "1.0.0",
                905, // when it is known what the request will be
                QuotaConfig.class,
                QuotaPlugin.class,
                config -> of(config, services.get()));
    }

    private static QuotaPlugin of(QuotaConfig config, Services services) {
        var key = services.identityKeys().get(config.audience());
        if (key == null) {
            throw new IllegalArgumentException("there is no key for " + config.audience());
        }
        return new QuotaPlugin(config, key, services.quota(), services.clock(), services.tracing());
    }

    static QuotaPlugin of(QuotaConfig config, IdentityKey key, QuotaServices quota, Clock clock) {
        return new QuotaPlugin(config, key, quota, clock, Tracing.OFF);
    }

    @Override
    protected void access(Kong kong, Event event) {
        var token = kong.ctx().shared().get(AuthPlugin.SHARED_IDENTITY);
        var costs = config.audience().equals(TOOLS) ? ofTools(kong) : ofModels(kong);

        var caller = caller(token.get());
        var plan = limits.plan(caller.plan()).orElseThrow(QuotaPlugin::notInPlan);
        var cost = costs.get();
        if (cost.isNothing()) {
            return;
        }
        var reservation =
                new Reservation(
                        event.requestId(),
                        new Spender(
                                caller.subject(),
                                caller.plan(),
                                caller.keyId(),
                                caller.team(),
                                cost.modelAsked()),
                        cost.amount(),
                        cost.price(),
                        limits.of(caller, plan, cost.modelSent()));
        switch (decide(reservation, cost.isServed())) {
            case Verdict.Reserved(var states) -> {
                count(caller, QuotaMetrics.Decision.RESERVED);
                tell(kong, states);
                if (cost.isServed()) {
                    kong.service()
                            .request()
                            .setHeader(Reservation.HEADER, signer.sign(reservation));
                }
            }
            case Verdict.Refused(var states) -> {
                var unit = Refusal.worst(states).limit().unit();
                quota.metrics().refused(plan(caller), unit.name().toLowerCase(Locale.ROOT));
                throw Refusal.of(states, cost.modelAsked());
            }
            case Verdict.Over _ -> throw unavailable();
            case Verdict.Unavailable(var cause) -> {
                LOG.warn("{}: the ledger does not answer: {}", reservation.id(), cause.toString());
                if (plan.onStoreFailure() == StoreFailure.DENY) {
                    count(caller, QuotaMetrics.Decision.STORE_DOWN_DENIED);
                    throw unavailable();
                }
                count(caller, QuotaMetrics.Decision.STORE_DOWN_ALLOWED);
            }
        }
    }

    private Verdict decide(Reservation reservation, boolean open) {
        var known = quota.denials().of(reservation);
        if (known.isPresent()) {
            return new Verdict.Refused(known.get());
        }
        var deadline = Duration.ofMillis(config.storeDeadline());
        var asked = quota.denials().now();
        long start = System.nanoTime();
        var verdict =
                open
                        ? quota.ledger().reserve(reservation, deadline)
                        : quota.ledger().charge(reservation, deadline);
        quota.metrics().waited(Duration.ofNanos(System.nanoTime() - start));
        if (verdict instanceof Verdict.Refused(var states)) {
            quota.denials().add(states, asked);
        }
        return verdict;
    }

    private Supplier<Cost> ofModels(Kong kong) {
        var summary = kong.ctx().shared().get(RequestSummary.SHARED);
        return () -> {
            var request = summary(summary);
            return switch (request.kind()) {
                case CHAT, RESPONSES, COMPLETIONS, EMBEDDINGS ->
                        Cost.ofModel(request, config, quota.prices());
                case TOOL_CALL, OTHER -> Cost.known(config.otherRequests(), Price.FREE);
            };
        };
    }

    private Supplier<Cost> ofTools(Kong kong) {
        Answer<RawBody> body = kong.request().getRawBody(MAX_MESSAGE);
        return () -> tools.cost(body.get());
    }

    private static RequestSummary summary(Answer<Optional<Object>> shared) {
        return shared.get()
                .filter(String.class::isInstance)
                .flatMap(json -> RequestSummary.parse((String) json))
                .orElseThrow(() -> {
                    LOG.error(
                            "nothing is known of the request: jan-rewrite must be on the route, too");
                    return ApiProblem.internal();
                });
    }

    private Identity caller(Optional<Object> token) {
        return verifier.verify(
                        token.filter(String.class::isInstance).map(String.class::cast).orElse(null))
                .orElseThrow(() -> {
                    LOG.error("no identity for this audience: jan-auth must be on the route, too");
                    return ApiProblem.internal();
                });
    }

    private void count(Identity caller, QuotaMetrics.Decision decision) {
        quota.metrics().decided(plan(caller), decision);
    }

    /** A plan that is only met by * has a name that nobody has listed. */
    private String plan(Identity caller) {
        return config.plans().containsKey(caller.plan()) ? caller.plan() : "other";
    }

    private static void tell(Kong kong, List<LimitState> states) {
        Map<String, List<String>> headers =
                RateLimitHeaders.of(states).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
        if (!headers.isEmpty()) {
            kong.response().setHeaders(headers);
        }
    }

    private static ApiProblem notInPlan() {
        return new ApiProblem(
                403,
                ApiProblem.INVALID_REQUEST,
                "insufficient_permissions",
                null,
                "This is not part of your plan.");
    }

    private static ApiProblem unavailable() {
        return ApiProblem.unavailable(
                        "quota_unavailable", "Your quota cannot be checked now. Please try again.")
                .header("Retry-After", "1");
    }
}
