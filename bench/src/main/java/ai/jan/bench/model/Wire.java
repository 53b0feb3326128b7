// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** What the {@link MockModel} says, in the bytes of HTTP/1.1 and as vLLM words it. */
final class Wire {
    private static final String CHUNK =
            "data: {\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                    + "\"model\":\"mock-model\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
    private static final String CHUNK_END =
            "\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]}\n\n";
    private static final String STOP =
            "data: {\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                    + "\"model\":\"mock-model\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},"
                    + "\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n";
    private static final int DIGITS = 19; // of any moment, with zeros in front
    private static final byte[] TOKEN = longToken(0);
    private static final byte[] STREAM_HEAD =
            """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream; charset=utf-8\r
            Transfer-Encoding: chunked\r
            \r
            """
                    .getBytes(ISO_8859_1);

    private Wire() {}

    static byte[] streamHead() {
        return STREAM_HEAD.clone();
    }

    /** A token whose text is a moment between two signs that no other text has. */
    static byte[] token(long moment, int letters) {
        var token = letters == 0 ? TOKEN.clone() : longToken(letters);
        int first = 0;
        while (token[first] != '@') {
            first++;
        }
        long rest = moment;
        for (int i = first + DIGITS; i > first; i--) {
            token[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return token;
    }

    private static byte[] longToken(int letters) {
        return chunk(CHUNK + '@' + "0".repeat(DIGITS) + ';' + "x".repeat(letters) + CHUNK_END);
    }

    /**
     * @param tokens of the usage; negative if nobody asked for it
     */
    static byte[] streamEnd(int tokens) {
        var usage =
                tokens < 0
                        ? ""
                        : "data: {\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion.chunk\","
                                + "\"created\":1700000000,\"model\":\"mock-model\",\"choices\":[],"
                                + "\"usage\":"
                                + usage(tokens)
                                + "}\n\n";
        var events = chunk(STOP + usage + "data: [DONE]\n\n");
        var end = "0\r\n\r\n".getBytes(ISO_8859_1);
        var all = new byte[events.length + end.length];
        System.arraycopy(events, 0, all, 0, events.length);
        System.arraycopy(end, 0, all, events.length, end.length);
        return all;
    }

    static byte[] completion(int tokens) {
        return json(
                200,
                ("{\"id\":\"chatcmpl-mock\",\"object\":\"chat.completion\",\"created\":1700000000,"
                                + "\"model\":\"mock-model\",\"choices\":[{\"index\":0,\"message\":"
                                + "{\"role\":\"assistant\",\"content\":\"%s\"},\"logprobs\":null,"
                                + "\"finish_reason\":\"stop\"}],\"usage\":%s}")
                        .formatted("word ".repeat(tokens).strip(), usage(tokens)));
    }

    static byte[] error(int status) {
        return json(
                status,
                "{\"error\":{\"message\":\"as told\",\"type\":\"mock\",\"param\":null,\"code\":%d}}"
                        .formatted(status));
    }

    static byte[] models() {
        return json(
                200,
                "{\"object\":\"list\",\"data\":[{\"id\":\"mock-model\",\"object\":\"model\","
                        + "\"created\":1700000000,\"owned_by\":\"bench\",\"max_model_len\":1000000}]}");
    }

    static byte[] metrics(int running) {
        return answer(
                200,
                "text/plain; version=0.0.4",
                "vllm:num_requests_running{model_name=\"mock-model\"} " + running + "\n");
    }

    static byte[] json(int status, String body) {
        return answer(status, "application/json", body);
    }

    private static byte[] answer(int status, String type, String body) {
        return ("HTTP/1.1 "
                        + status
                        + " Status\r\nContent-Type: "
                        + type
                        + "\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body)
                .getBytes(ISO_8859_1);
    }

    private static byte[] chunk(String events) {
        return (Integer.toHexString(events.length()) + "\r\n" + events + "\r\n")
                .getBytes(ISO_8859_1);
    }

    private static String usage(int tokens) {
        return "{\"prompt_tokens\":10,\"completion_tokens\":%d,\"total_tokens\":%d}"
                .formatted(tokens, tokens + 10);
    }
}
