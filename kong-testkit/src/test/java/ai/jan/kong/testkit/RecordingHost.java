// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request with a few headers; remembers what it is asked to do. */
final class RecordingHost implements PdkHost {
    final List<String> calls = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    private final Map<String, String> headers;

    RecordingHost(Map<String, String> headers) {
        this.headers = headers;
    }

    RecordingHost() {
        this(Map.of("host", "gw.test", "x-a", "1"));
    }

    private static final PdkCalls<RecordingHost> TABLE =
            PdkCalls.<RecordingHost>builder()
                    .on(PdkMethods.REQUEST_GET_METHOD, (host, nothing) -> "GET")
                    .on(PdkMethods.REQUEST_GET_PATH, (host, nothing) -> "/p")
                    .on(PdkMethods.REQUEST_GET_RAW_QUERY, (host, nothing) -> null)
                    .on(PdkMethods.CLIENT_GET_FORWARDED_IP, (host, nothing) -> "192.0.2.1")
                    .on(
                            PdkMethods.REQUEST_GET_HEADER,
                            (host, name) -> host.headers.get(name.toLowerCase(Locale.ROOT)))
                    .on(PdkMethods.REQUEST_GET_HEADERS, (host, limit) -> Struct.of(host.headers))
                    .on(PdkMethods.CTX_SHARED_GET, (host, key) -> Value.nil())
                    .run(PdkMethods.CTX_SHARED_SET, (host, kv) -> {})
                    .run(PdkMethods.SERVICE_REQUEST_SET_HEADER, RecordingHost::header)
                    .run(PdkMethods.RESPONSE_SET_HEADER, RecordingHost::header)
                    .run(PdkMethods.LOG_ERR, RecordingHost::log)
                    .run(PdkMethods.LOG_WARN, RecordingHost::log)
                    .build();

    private final PdkHost table = TABLE.bind(this);

    @Override
    public @Nullable Object call(PdkMethod<?, ?> method, Object argument) throws LuaError {
        calls.add(method.name());
        return table.call(method, argument);
    }

    private void header(Kv header) throws LuaError {
        if (header.k().equals("X-Refused")) {
            throw new LuaError("refused");
        }
    }

    private void log(ListValue line) {
        line.values().forEach(value -> log.add(String.valueOf(value.toJava())));
    }
}
