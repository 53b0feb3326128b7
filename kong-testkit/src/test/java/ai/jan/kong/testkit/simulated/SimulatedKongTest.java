// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static ai.jan.kong.testkit.simulated.PhasePlugin.inAccess;
import static ai.jan.kong.testkit.simulated.PhasePlugin.inLog;
import static ai.jan.kong.testkit.simulated.PhasePlugin.inResponse;
import static ai.jan.kong.testkit.simulated.PhasePlugin.inRewrite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.RawBody;
import ai.jan.kong.pdk.Response;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.testkit.junit.SimulatedKongExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SimulatedKongExtension.class)
class SimulatedKongTest {
    private static final SimulatedRequest REQUEST = SimulatedRequest.get("/v1/a?x=1&y");

    @Test
    void runsPluginsByPriorityInEachPhase(SimulatedKong.Builder builder) {
        var order = new ArrayList<String>();
        var exchange =
                builder.plugin("late", 1, inAccess(_ -> order.add("late access")))
                        .plugin("early", 2, inAccess(_ -> order.add("early access")))
                        .plugin("tie-a", 1, inLog(_ -> order.add("log a")))
                        .plugin("tie-b", 1, inLog(_ -> order.add("log b")))
                        .plugin("first", 0, inRewrite(_ -> order.add("rewrite")))
                        .plugin("last", 0, inResponse(_ -> order.add("response")))
                        .build()
                        .send(REQUEST);

        assertThat(order)
                .containsExactly(
                        "rewrite", "early access", "late access", "response", "log b", "log a");
        exchange.hasStatus(200).isForwarded().hasNoFailures().needsRoundTrips(0);
    }

    @Test
    void anExitKeepsLaterPluginsAndTheServiceFromRunning(SimulatedKong.Builder builder) {
        var order = new ArrayList<String>();
        var exchange =
                builder.plugin(
                                "guard",
                                10,
                                inAccess(kong -> {
                                    kong.response().setHeader("X-Set", "1");
                                    throw kong.response().exitJson(403, "{}");
                                }))
                        .plugin("next", 1, inAccess(_ -> order.add("access")))
                        .plugin(
                                "logger",
                                1,
                                inLog(kong -> order.add(kong.response().getSource().get().name())))
                        .build()
                        .send(REQUEST);

        exchange.hasStatus(403)
                .hasBody("{}")
                .hasHeader("X-Set", "1")
                .hasHeader("Content-Length", "2")
                .isNotForwarded()
                .hasNoFailures();
        assertThat(order).containsExactly("EXIT");
    }

    @Test
    void theServiceGetsWhatPluginsSet(SimulatedKong.Builder builder) {
        var exchange =
                builder.service("{\"host\":\"h\",\"port\":81,\"path\":\"/base\"}")
                        .route("{\"paths\":[\"/v1\"]}")
                        .plugin(
                                "p",
                                1,
                                inAccess(kong -> {
                                    var request = kong.service().request();
                                    request.setHeader("X-A", "1");
                                    request.addHeader("X-A", "2");
                                    request.clearHeader("X-Secret");
                                    request.clearQueryArg("y");
                                    request.setRawBody(new byte[] {'b'});
                                }))
                        .build()
                        .send(REQUEST.withHeader("X-Secret", "s"));

        exchange.upstreamHasHeader("x-a", "1", "2")
                .upstreamHasNoHeader("X-Secret")
                .upstreamHasHeader("Host", "h:81")
                .upstreamHasHeader("Content-Length", "1")
                .needsRoundTrips(1);
        var upstream = exchange.upstream().orElseThrow();
        assertThat(upstream.target()).isEqualTo("/base/a?x=1");
        assertThat(upstream.body().utf8()).isEqualTo("b");
    }

    @Test
    void answersWhatTheRequestIs(SimulatedKong.Builder builder) {
        var seen = new ArrayList<Object>();
        builder.trusting("10.0.0.0/8")
                .plugin(
                        "p",
                        1,
                        inAccess(kong -> {
                            var request = kong.request();
                            var arg = request.getQueryArg("y");
                            var ip = kong.client().getForwardedIp();
                            var route = kong.router().getFullRoute();
                            seen.add(request.getRawPath().get());
                            seen.add(arg.get());
                            seen.add(ip.get());
                            seen.add(route.get().orElseThrow().text("path_handling"));
                            seen.add(kong.client().getConsumer().get());
                        }))
                .build()
                .send(REQUEST.from("10.1.2.3", 5).withHeader("X-Real-IP", "192.0.2.9"))
                .hasNoFailures();

        assertThat(seen)
                .hasToString("[/v1/a, Optional[], 192.0.2.9, Optional[v0], Optional.empty]");
    }

    @Test
    void bytesThatAreNotUtf8ReachTheServiceAsTheyCame(SimulatedKong.Builder builder) {
        var latin1 = Bytes.of("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        var exchange =
                builder.plugin(
                                "p",
                                1,
                                inAccess(kong -> {
                                    var name = kong.request().getHeader("X-Name").get();
                                    kong.ctx().shared().set("name", name.orElseThrow());
                                    var shared = kong.ctx().shared().get("name").get();
                                    kong.service()
                                            .request()
                                            .setHeader("X-Copy", shared.orElseThrow() + "!");
                                }))
                        .build()
                        .send(REQUEST.withHeader("X-Name", latin1.text()));

        var copy = exchange.upstream().orElseThrow().header("X-Copy").orElseThrow();
        assertThat(Bytes.ofText(copy).toArray())
                .isEqualTo("caf\u00e9!".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aWrongPhaseIsAnExceptionAndHarmsNothing(SimulatedKong.Builder builder) {
        builder.plugin(
                        "p",
                        1,
                        inLog(kong ->
                                assertThatThrownBy(() -> kong.response().setStatus(200))
                                        .isInstanceOf(IllegalStateException.class)
                                        .hasMessageContaining("kong.response.set_status")))
                .build()
                .send(REQUEST)
                .hasNoFailures();
    }

    @Test
    void aPluginThatThrowsFailsTheRequest(SimulatedKong.Builder builder) {
        var exchange =
                builder.plugin(
                                "p",
                                1,
                                inAccess(_ -> {
                                    throw new IOException("down");
                                }))
                        .build()
                        .send(REQUEST);

        exchange.hasStatus(500).isNotForwarded();
        assertThat(exchange.failures()).singleElement().isInstanceOf(IOException.class);
        assertThatThrownBy(exchange::hasNoFailures).isInstanceOf(AssertionError.class);
    }

    @Test
    void whatKongCannotSendFailsTheRequest(SimulatedKong.Builder builder) {
        var exchange =
                builder.route("{\"paths\":[\"/\"],\"sources\":[{\"ip\":\"127.0.0.1\"}]}")
                        .plugin("p", 1, inAccess(kong -> kong.router().getRoute().get()))
                        .build()
                        .send(REQUEST);

        exchange.hasStatus(500);
        assertThat(exchange.failures()).singleElement().isInstanceOf(PdkException.class);
    }

    @Test
    void valuesAreSharedAsKongSharesThem(SimulatedKong.Builder builder) {
        var seen = new ArrayList<Object>();
        builder.plugin(
                        "writer",
                        2,
                        inRewrite(kong -> {
                            kong.ctx().shared().set("list", List.of());
                            kong.ctx().shared().set("map", Map.of("a", 1));
                        }))
                .plugin(
                        "reader",
                        1,
                        inLog(kong -> {
                            seen.add(kong.ctx().shared().get("list").get());
                            seen.add(kong.ctx().shared().get("map").get());
                            seen.add(kong.ctx().shared().get("none").get());
                        }))
                .build()
                .send(REQUEST);

        assertThat(seen).hasToString("[Optional[{}], Optional[{a=1.0}], Optional.empty]");
    }

    @Test
    void aLongBodyComesInAFile(SimulatedKong.Builder builder) {
        var bodies = new ArrayList<RawBody>();
        var kong =
                builder.plugin(
                                "p",
                                1,
                                inAccess(k -> bodies.add(k.request().getRawBody(20_000).get())))
                        .build();
        var body = Bytes.of(new byte[15_000]);

        kong.send(SimulatedRequest.of("POST", "/").withBody(body));
        kong.send(SimulatedRequest.post("/", "{}"));

        assertThat(bodies)
                .containsExactly(new RawBody.Content(body), new RawBody.Content(Bytes.utf8("{}")));
    }

    @Test
    void aResponsePhaseSeesAndReplacesTheAnswer(SimulatedKong.Builder builder) {
        var exchange =
                builder.upstream(_ ->
                                SimulatedResponse.json(200, "{\"a\":1}").withHeader("X-Up", "1"))
                        .plugin(
                                "p",
                                1,
                                inResponse(kong -> {
                                    var body = kong.service().response().getRawBody();
                                    var headers = kong.service().response().getHeaders();
                                    assertThat(headers.get().first("X-Up")).contains("1");
                                    throw kong.response()
                                            .exitJson(201, "[" + body.get().utf8() + "]");
                                }))
                        .build()
                        .send(REQUEST);

        exchange.hasStatus(201).hasBody("[{\"a\":1}]").isForwarded().hasNoFailures();
    }

    @Test
    void theAnswerIsReadInLogOnlyIfItWasBuffered(SimulatedKong.Builder builder) {
        PhasePlugin.Action read = kong -> kong.service().response().getStatus().get();
        var unbuffered = builder.plugin("p", 1, inLog(read)).build().send(REQUEST);
        assertThat(unbuffered.failures()).singleElement().isInstanceOf(PdkException.class);

        builder.plugin("b", 2, inAccess(kong -> kong.service().request().enableBuffering()))
                .build()
                .send(REQUEST)
                .hasNoFailures();
    }

    @Test
    void whoIsAuthenticatedIsKnownToLaterPlugins(SimulatedKong.Builder builder) {
        var alice = new Consumer("1", 0, "alice", "", List.of());
        var seen = new ArrayList<Object>();
        builder.plugin("auth", 2, inAccess(kong -> kong.client().authenticate(alice, null)))
                .plugin("next", 1, inAccess(kong -> seen.add(kong.client().getConsumer().get())))
                .build()
                .send(REQUEST);

        assertThat(seen).containsExactly(Optional.of(alice));
    }

    @Test
    void theLogRecordHasWhatPluginsAdd(SimulatedKong.Builder builder) {
        var records = new ArrayList<String>();
        builder.plugin("a", 1, inAccess(kong -> kong.log().setSerializeValue("my.plan", "free")))
                .plugin(
                        "l",
                        1,
                        inLog(kong -> {
                            kong.log().setSerializeValue("tardy", "x");
                            kong.log().err("seen");
                            records.add(kong.log().serialize().get());
                        }))
                .build()
                .send(REQUEST.withHeader("Authorization", "secret"))
                .hasNoFailures();

        assertThat(records.getFirst())
                .contains("\"my\":{\"plan\":\"free\"}")
                .contains("\"port\":80,")
                .doesNotContain("tardy")
                .doesNotContain("secret");
    }

    @Test
    void countsRoundTripsPerEvent(SimulatedKong.Builder builder) {
        var exchange =
                builder.plugin(
                                "batch",
                                1,
                                inAccess(kong -> {
                                    var method = kong.request().getMethod();
                                    var path = kong.request().getPath();
                                    method.get();
                                    path.get();
                                }))
                        .plugin(
                                "slow",
                                2,
                                inAccess(kong -> {
                                    kong.request().getMethod().get();
                                    kong.request().getPath().get();
                                }))
                        .build()
                        .send(REQUEST);

        assertThat(exchange.roundTrips("batch", Phase.ACCESS)).isOne();
        assertThat(exchange.roundTrips("slow", Phase.ACCESS)).isEqualTo(2);
        assertThatThrownBy(() -> exchange.needsRoundTrips(1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aServiceThatDoesNotAnswerIs502(SimulatedKong.Builder builder) {
        builder.upstream(
                        _ -> {
                            throw new IOException("closed");
                        })
                .build()
                .send(REQUEST)
                .hasStatus(502);
        builder.withoutService().build().send(REQUEST).hasStatus(503);
        builder.withoutRoute().build().send(REQUEST).hasStatus(404).isNotForwarded();
    }

    @Test
    void aHeaderSetInAccessStandsBesideTheServicesOwn(SimulatedKong.Builder builder) {
        builder.upstream(_ -> SimulatedResponse.of(200, "").withHeader("X-A", "service"))
                .plugin("p", 1, inAccess(kong -> kong.response().setHeader("X-A", "plugin")))
                .build()
                .send(REQUEST)
                .hasHeader("X-A", "plugin", "service");
    }

    @Test
    void callsAfterTheEventAreRefused(SimulatedKong.Builder builder) {
        var kept = new ArrayList<Kong>();
        builder.plugin("p", 1, inAccess(kept::add)).build().send(REQUEST);

        assertThatThrownBy(() -> kept.getFirst().request().getMethod())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void knowsTheSourceOfAnAnswer(SimulatedKong.Builder builder) {
        var seen = new ArrayList<Response.Source>();
        builder.plugin("l", 1, inLog(kong -> seen.add(kong.response().getSource().get())))
                .build()
                .send(REQUEST);

        assertThat(seen).containsExactly(Response.Source.SERVICE);
    }
}
