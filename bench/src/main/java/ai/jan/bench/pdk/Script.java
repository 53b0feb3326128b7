// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handler says and what it is answered, in order; the same for every peer, and checked while
 * it is measured. {@code calls} is its size, and what it is called in the plugin's configuration.
 */
record Script(List<Call<?, ?>> calls) {
    /** One call. */
    record Call<A, R>(PdkMethod<A, R> method, A argument, @Nullable R result) {
        byte[] name() {
            return method.name().getBytes(StandardCharsets.US_ASCII);
        }

        byte[] encodedArgument() {
            return method.argument().encode(argument);
        }

        byte[] encodedResult() {
            return method.encodeResult(result);
        }
    }

    static final Script EMPTY = new Script(List.of());

    static final Script THREE =
            new Script(
                    List.of(
                            get(PdkMethods.REQUEST_GET_METHOD, "POST"),
                            header("x-user", "0192f0c1-7d55-7d5e-8f0b-3a1f6a6a9d11"),
                            set("x-seen", "POST 0192f0c1-7d55-7d5e-8f0b-3a1f6a6a9d11")));

    static final Script TWELVE =
            new Script(
                    List.of(
                            get(PdkMethods.REQUEST_GET_METHOD, "POST"),
                            get(PdkMethods.REQUEST_GET_PATH, "/v1/chat/completions"),
                            get(PdkMethods.REQUEST_GET_RAW_QUERY, "trace=on&tenant=acme"),
                            header("host", "llm.example.com"),
                            header("user-agent", "OpenAI/Python 3.54.0"),
                            header("x-user", "0192f0c1-7d55-7d5e-8f0b-3a1f6a6a9d11"),
                            get(PdkMethods.CLIENT_GET_FORWARDED_IP, "203.0.113.7"),
                            set("x-target", "POST /v1/chat/completions"),
                            set("x-query", "trace=on&tenant=acme"),
                            set("x-host", "llm.example.com"),
                            set("x-client", "203.0.113.7 OpenAI/Python 3.54.0"),
                            new Call<>(
                                    PdkMethods.RESPONSE_SET_HEADER,
                                    kv("x-seen", "0192f0c1-7d55-7d5e-8f0b-3a1f6a6a9d11"),
                                    null)));

    static final List<Script> ALL = List.of(EMPTY, THREE, TWELVE);

    int size() {
        return calls.size();
    }

    /** The configuration that makes the plugin run this. */
    String config() {
        return "{\"calls\":" + size() + "}";
    }

    private static Call<Empty, String> get(PdkMethod<Empty, String> method, String result) {
        return new Call<>(method, Empty.EMPTY, result);
    }

    private static Call<String, String> header(String name, String result) {
        return new Call<>(PdkMethods.REQUEST_GET_HEADER, name, result);
    }

    private static Call<Kv, Empty> set(String name, String value) {
        return new Call<>(PdkMethods.SERVICE_REQUEST_SET_HEADER, kv(name, value), null);
    }

    private static Kv kv(String name, String value) {
        return new Kv(name, new Value.Text(value));
    }
}
