// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Objects;

/**
 * What a real vLLM was asked and answered; {@code src/test/recordings/record} made it.
 *
 * @param path such as {@code chat/completions}
 * @param body as it came
 */
record VllmRecording(String request, int status, String path, String type, String body) {
    static final String MODEL = "smollm2-135m-instruct";

    static VllmRecording of(String name) throws IOException {
        var answer = read(name + ".answer");
        var head = answer.substring(0, answer.indexOf("\n\n"));
        var lines = head.split("\n");
        var status = lines[0].split(" ");
        return new VllmRecording(
                read(name + ".request.json"),
                Integer.parseInt(status[0]),
                status[1],
                lines[1],
                answer.substring(head.length() + 2));
    }

    private static String read(String name) throws IOException {
        try (var file = VllmRecording.class.getResourceAsStream("/vllm/" + name)) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), UTF_8);
        }
    }
}
