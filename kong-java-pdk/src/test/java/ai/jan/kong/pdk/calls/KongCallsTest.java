// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Log;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.Response;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KongCallsTest {
    /** Dangerous, and useless: both have a substitute. */
    private static final Set<String> NEVER_CALLED =
            Set.of("kong.request.get_query_arg", "kong.service.response.get_headers");

    private static Kong kong(Calls calls) {
        return new KongCalls(calls, "p", Log.Level.DEBUG);
    }

    @Test
    void everyFunctionOfKongCanBeCalled() throws Exception {
        var called = new HashSet<String>();
        for (var phase : Phase.values()) {
            called.addAll(callAll(phase).called);
        }

        assertThat(PdkMethods.all())
                .hasSize(74)
                .allSatisfy(method ->
                        assertThat(called.contains(method.name()))
                                .as(method.name())
                                .isNotEqualTo(NEVER_CALLED.contains(method.name())));
    }

    /** Calls every method of every namespace; a phase that is not the right one is passed over. */
    private static RecordingCalls callAll(Phase phase) throws Exception {
        var calls = new RecordingCalls(phase).with(PdkMethods.RESPONSE_GET_SOURCE, "exit");
        var kong = kong(calls);
        for (var namespace :
                List.of(
                        kong.client(),
                        kong.ctx().shared(),
                        kong.ip(),
                        kong.log(),
                        kong.nginx(),
                        kong.node(),
                        kong.request(),
                        kong.response(),
                        kong.router(),
                        kong.service(),
                        kong.service().request(),
                        kong.service().response())) {
            for (var method : namespace.getClass().getInterfaces()[0].getMethods()) {
                call(namespace, method);
            }
        }
        return calls;
    }

    private static void call(Object namespace, Method method) throws Exception {
        method.setAccessible(true);
        try {
            method.invoke(namespace, arguments(method));
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).isInstanceOfAny(IllegalStateException.class, ExitSignal.class);
            if (e.getCause() instanceof IllegalStateException) {
                assertThat(e.getCause()).hasMessageMatching("kong\\.\\S+ does not work in .*");
            }
        }
    }

    private static Object[] arguments(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> argument(method.getName(), type))
                .toArray();
    }

    private static Object argument(String method, Class<?> type) {
        if (type == String.class) {
            return switch (method) {
                case "setMethod" -> "GET";
                case "setPath" -> "/p";
                case "setScheme" -> "http";
                case "loadConsumer" -> "00000000-0000-4000-8000-000000000001";
                default -> "a";
            };
        }
        if (type == int.class) {
            return 200;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == Consumer.class) {
            return new Consumer("1", 0, "", "", List.of());
        }
        if (type == byte[].class) {
            return new byte[0];
        }
        return type == Map.class ? Map.of("a", List.of("1")) : type == Object.class ? "v" : null;
    }

    @Test
    void anArgumentWithoutValueIsNoDanger() {
        var calls =
                new RecordingCalls(Phase.ACCESS)
                        .with(PdkMethods.REQUEST_GET_RAW_QUERY, "a&b=1&b=2&c=%20");
        var request = kong(calls).request();

        assertThat(request.getQueryArg("a").get()).contains("");
        assertThat(request.getQueryArg("b").get()).contains("1");
        assertThat(request.getQueryArg("c").get()).contains(" ");
        assertThat(request.getQueryArg("d").get()).isEmpty();
    }

    @Test
    void aFullTableMayBeTruncated() {
        var table =
                new Struct(
                        Map.of("a", ListValue.of(List.of("1", true)), "b", new Value.Flag(true)));
        var calls = new RecordingCalls(Phase.ACCESS).with(PdkMethods.REQUEST_GET_QUERY, table);
        var request = kong(calls).request();

        assertThat(request.getQuery(4).get().truncated()).isFalse();
        assertThat(request.getQuery(3).get().truncated()).isTrue();
        assertThat(request.getQuery().get().args())
                .containsEntry("a", List.of("1", ""))
                .containsEntry("b", List.of(""));
    }

    @Test
    void findsTheServicesOwnHeadersAmongThoseOfTheClient() {
        var calls =
                new RecordingCalls(Phase.RESPONSE)
                        .with(
                                PdkMethods.RESPONSE_GET_HEADERS,
                                Struct.of(Map.of("server", "s", "via", "kong")))
                        .with(PdkMethods.SERVICE_RESPONSE_GET_HEADER, "s");

        var headers = kong(calls).service().response().getHeaders().get();

        assertThat(headers.values()).containsOnlyKeys("server", "via");
        assertThat(calls.called)
                .containsOnly("kong.response.get_headers", "kong.service.response.get_header");
    }

    @Test
    void removesAQueryArgument() {
        var calls =
                new RecordingCalls(Phase.ACCESS).with(PdkMethods.REQUEST_GET_RAW_QUERY, "a=1&b");
        var request = kong(calls).service().request();

        request.clearQueryArg("c");
        assertThat(calls.called).containsExactly("kong.request.get_raw_query");
        request.clearQueryArg("a");
        assertThat(calls.called).endsWith("kong.service.request.set_raw_query");
    }

    @Test
    void answersErrorsAsKongDoes() {
        var calls = new RecordingCalls(Phase.ACCESS).with(PdkMethods.NGINX_GET_VAR, "0123");

        assertThatThrownBy(() -> kong(calls).response().error(403, "no \"way\""))
                .isInstanceOf(ExitSignal.class);
        assertThat(calls.called)
                .endsWith("403 {\"message\":\"no \\\"way\\\"\",\"request_id\":\"0123\"}");
    }

    @Test
    void readsWholeEntities() {
        var route =
                Struct.of(
                        Map.of(
                                "name",
                                "r",
                                "created_at",
                                5,
                                "paths",
                                List.of("/a"),
                                "service",
                                Map.of("id", "s")));
        var calls = new RecordingCalls(Phase.LOG).with(PdkMethods.NGINX_GET_CTX, route);

        var entity = kong(calls).router().getFullRoute().get().orElseThrow();

        assertThat(entity.text("name")).contains("r");
        assertThat(entity.number("created_at")).hasValue(5);
        assertThat(entity.texts("paths")).containsExactly("/a");
        assertThat(entity.entity("service").orElseThrow().text("id")).contains("s");
        assertThat(entity.text("paths")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Response.Source.class)
    void knowsWhoMadeTheAnswer(Response.Source source) {
        var calls =
                new RecordingCalls(Phase.LOG)
                        .with(PdkMethods.RESPONSE_GET_SOURCE, source.name().toLowerCase());

        assertThat(kong(calls).response().getSource().get()).isEqualTo(source);
    }

    @Test
    void refusesByNameWhatKongWouldFailFor() {
        var kong = kong(new RecordingCalls(Phase.ACCESS));

        Stream.<Runnable>of(
                        () -> kong.service().request().setHeader("a b", "1"),
                        () -> kong.response().setHeaders(Map.of("a", List.of("1\r\n"))),
                        () -> kong.ctx().shared().set("a", false),
                        () -> kong.nginx().setCtx("a", List.of(false)),
                        () -> kong.service().setTarget("h", 65_536),
                        () -> kong.client().loadConsumer("bob"),
                        () -> kong.request().getHeaders(0),
                        () -> kong.client().authenticate(null, null))
                .forEach(call ->
                        assertThatThrownBy(call::run)
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageMatching("kong\\.[a-z_.]+: .+"));
    }

    @Test
    void buffersInAccessOnly() {
        var calls = new RecordingCalls(Phase.ACCESS);
        kong(calls).service().request().enableBuffering();
        assertThat(calls.called).containsExactly("kong.nginx.set_ctx");

        var late = kong(new RecordingCalls(Phase.LOG)).service().request();
        assertThatThrownBy(late::enableBuffering)
                .hasMessage("kong.service.request.enable_buffering does not work in the phase log");
    }
}
