// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.MemoryStats;
import ai.jan.kong.pdk.message.MemoryStats.LuaSharedDicts;
import ai.jan.kong.pdk.message.MemoryStats.LuaSharedDicts.DictStats;
import ai.jan.kong.pdk.message.MemoryStats.WorkerLuaVm;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkCalls;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code kong.ctx}, {@code kong.log}, {@code kong.nginx}, {@code kong.node}. */
final class CommonCalls {
    private static final MemoryStats MEMORY =
            new MemoryStats(
                    new LuaSharedDicts(
                            new DictStats(40_960, 5_242_880), new DictStats(794_624, 134_217_728)),
                    List.of(new WorkerLuaVm(54_545_444, 1)));

    private CommonCalls() {}

    static void addTo(PdkCalls.Builder<Exchange> calls) {
        calls.run(PdkMethods.CTX_SHARED_SET, (exchange, pair) -> put(exchange.shared, pair))
                .on(PdkMethods.CTX_SHARED_GET, (exchange, key) -> get(exchange.shared, key))
                .run(PdkMethods.NGINX_SET_CTX, (exchange, pair) -> put(exchange.ctx, pair))
                .on(PdkMethods.NGINX_GET_CTX, (exchange, key) -> get(exchange.ctx, key))
                .on(PdkMethods.NGINX_GET_VAR, NginxVariables::get)
                .on(PdkMethods.NGINX_GET_TLS1_VERSION_STR, (exchange, _) -> tlsVersion(exchange))
                .on(PdkMethods.NGINX_REQ_START_TIME, (exchange, _) -> exchange.startedAt / 1000.0)
                .on(PdkMethods.NGINX_GET_SUBSYSTEM, (_, _) -> "http")
                .on(PdkMethods.NODE_GET_ID, (exchange, _) -> exchange.kong.nodeId())
                .on(PdkMethods.NODE_GET_MEMORY_STATS, (_, _) -> MEMORY)
                .run(
                        PdkMethods.LOG_SET_SERIALIZE_VALUE,
                        (exchange, pair) -> {
                            if (exchange.phase != Phase.LOG) { // the record is made by then
                                exchange.serialized.put(pair.k(), LuaValues.received(pair.v()));
                            }
                        })
                .on(PdkMethods.LOG_SERIALIZE, (exchange, _) -> LogRecord.of(exchange));
        log(calls, PdkMethods.LOG_ALERT);
        log(calls, PdkMethods.LOG_CRIT);
        log(calls, PdkMethods.LOG_ERR);
        log(calls, PdkMethods.LOG_WARN);
        log(calls, PdkMethods.LOG_NOTICE);
        log(calls, PdkMethods.LOG_INFO);
        log(calls, PdkMethods.LOG_DEBUG);
    }

    /** Not kept for log. */
    private static @Nullable String tlsVersion(Exchange exchange) {
        return exchange.request.tls() && exchange.phase != Phase.LOG ? "TLSv1.3" : null;
    }

    private static void put(Map<String, Value> table, Kv pair) {
        var value = LuaValues.received(pair.v());
        if (value instanceof Value.Nil) {
            table.remove(pair.k());
        } else {
            table.put(pair.k(), value);
        }
    }

    private static Value get(Map<String, Value> table, String key) throws LuaError {
        return LuaValues.sent(table.getOrDefault(key, Value.nil()));
    }

    private static void log(PdkCalls.Builder<Exchange> calls, PdkMethod<ListValue, Empty> method) {
        var level = method.name().substring("kong.log.".length());
        calls.run(
                method,
                (exchange, parts) ->
                        exchange.log.add(
                                level
                                        + ": "
                                        + parts.values().stream()
                                                .map(part -> String.valueOf(part.toJava()))
                                                .collect(Collectors.joining())));
    }
}
