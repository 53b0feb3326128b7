// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static ai.jan.plugins.auth.TestingAuth.CONSUMER;
import static ai.jan.plugins.auth.TestingAuth.KEY;
import static ai.jan.plugins.auth.TestingAuth.bearer;
import static ai.jan.plugins.auth.TestingAuth.identity;
import static ai.jan.plugins.auth.TestingAuth.token;
import static ai.jan.plugins.auth.TestingAuth.with;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.identity.Identity;
import ai.jan.kong.testkit.simulated.SimulatedExchange;
import ai.jan.plugins.auth.token.TestingProvider;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what the service and the plugins that come after learn of them. */
class AuthPluginTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static final Set<String> ADDED_BY_KONG =
            Set.of(
                    "host",
                    "connection",
                    "via",
                    "x-real-ip",
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "x-forwarded-path",
                    "x-forwarded-prefix",
                    "x-kong-request-id");

    private final TestingAuth auth = new TestingAuth();

    @Test
    void tellsTheServiceWhoHoldsTheToken() {
        var exchange = auth.letsIn(bearer(token()));
        assertThat(identity(exchange))
                .isEqualTo(
                        new Identity(
                                TestingProvider.SUBJECT,
                                Identity.Method.JWT,
                                Set.of("offline_access", "user"),
                                Set.of("openid", "profile"),
                                "user",
                                "team-a",
                                null,
                                auth.followed().requestId()));
        exchange.hasHeader("X-Auth-Method", "jwt")
                .hasHeader("X-Principal-Id", TestingProvider.SUBJECT)
                .hasHeader("X-User-ID", TestingProvider.SUBJECT);
    }

    @Test
    void tellsTheServiceWhoseKeyItIs() {
        var exchange = auth.letsIn(with("X-API-Key", KEY));
        assertThat(identity(exchange))
                .isEqualTo(
                        new Identity(
                                "owner-1",
                                Identity.Method.API_KEY,
                                Set.of("user"),
                                Set.of("chat"),
                                "pro",
                                "team-x",
                                "key-1",
                                auth.followed().requestId()));
        exchange.hasHeader("X-Auth-Method", "apikey");
    }

    @Test
    void takesAwayEverythingByWhichACallerCouldClaimToBeSomebody() {
        var exchange =
                auth.letsIn(
                        with(
                                "Authorization", "Bearer " + KEY,
                                "X-API-Key", KEY,
                                "apikey", KEY,
                                "Proxy-Authorization", "Basic x",
                                "X-Jan-Identity", "forged",
                                "x-jan-identity", "forged twice",
                                "X_Jan_Identity", "forged",
                                "X-Jan-Reservation", "forged",
                                "X-User-Id", "victim",
                                "X_USER-id", "victim",
                                "X-Consumer-Username", "admin",
                                "X-Scopes", "all",
                                "X-Plan", "admin",
                                "Accept", "*/*"));
        assertThat(ofTheCaller(exchange)).containsOnly("accept", "x-jan-identity", "traceparent");
        assertThat(identity(exchange).subject()).isEqualTo("owner-1");
    }

    @Test
    void passesNoCredentialOn() {
        var exchange =
                auth.letsIn(
                        with(
                                "/v1/models?limit=2&api_key=" + KEY,
                                List.of(
                                        "Authorization", "Bearer " + KEY,
                                        "Cookie", "refresh_token=x; theme=dark",
                                        "Proxy-Authorization", "Basic x")));
        assertThat(ofTheCaller(exchange)).containsOnly("x-jan-identity", "traceparent");
        assertThat(exchange.upstream().orElseThrow().target()).isEqualTo("/v1/models?limit=2");
    }

    @Test
    void keepsAValidTrace() {
        auth.letsIn(
                        with(
                                "Authorization",
                                "Bearer " + KEY,
                                "traceparent",
                                TRACE,
                                "tracestate",
                                "a=b"))
                .upstreamHasHeader("traceparent", TRACE)
                .upstreamHasHeader("tracestate", "a=b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "junk", "00-0-0-00"})
    void replacesAnInvalidTrace(String value) {
        var exchange =
                auth.letsIn(
                        with(
                                "Authorization",
                                "Bearer " + KEY,
                                "traceparent",
                                value,
                                "tracestate",
                                "a=b"));
        assertThat(exchange.upstream().orElseThrow().headers().all("traceparent"))
                .singleElement()
                .matches(TraceParent::isValid);
        exchange.upstreamHasNoHeader("tracestate");
    }

    @Test
    void namesTheConsumerThatStandsForThePlan() {
        auth.letsIn(bearer(KEY));
        assertThat(auth.followed().consumer()).contains(CONSUMER);
        auth.letsIn(bearer(token()));
        assertThat(auth.followed().consumer()).isEmpty();
    }

    @Test
    void givesAKeyNoHigherPlanThanItsOwnerHasLeft() {
        auth.reduced = true;
        assertThat(identity(auth.letsIn(bearer(KEY))).plan()).isEqualTo("user");
    }

    @Test
    void letsInWhoSendsNoCredentialOnlyWhereThatIsConfigured() {
        auth.refuses(with("Accept", "*/*"), 401);
        auth.anonymousPlan = "guest";
        var exchange = auth.letsIn(with("X-User-Id", "somebody"));
        var requestId = auth.followed().requestId();
        assertThat(identity(exchange))
                .isEqualTo(
                        new Identity(
                                "anonymous:" + requestId,
                                Identity.Method.ANONYMOUS,
                                Set.of(),
                                Set.of(),
                                "guest",
                                "anonymous",
                                null,
                                requestId));
        exchange.hasHeader("X-Auth-Method", "anonymous");
        auth.refuses(bearer("wrong"), 401);
        auth.refuses(bearer("sk_live_" + "0".repeat(48)), 401);
    }

    @Test
    void tellsThePluginsThatComeAfter() {
        var exchange = auth.letsIn(bearer(KEY));
        assertThat(auth.followed().sharedIdentity())
                .contains(exchange.upstream().orElseThrow().header(Identity.HEADER).orElseThrow());
    }

    /** Names of the headers that the service gets, without those that Kong adds. */
    private static Set<String> ofTheCaller(SimulatedExchange exchange) {
        return exchange.upstream().orElseThrow().headers().lines().stream()
                .map(line -> line.name().toLowerCase(Locale.ROOT))
                .filter(name -> !ADDED_BY_KONG.contains(name))
                .collect(Collectors.toSet());
    }
}
