// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Target;
import ai.jan.kit.json.Json;

/**
 * A request for a chat.
 *
 * @param script what the model is to do
 * @param stream whether the answer is a stream
 * @param padding characters of the prompt besides the script
 */
public record Chat(Script script, boolean stream, int padding) implements Request {
    @Override
    public String path() {
        return "/chat/completions";
    }

    @Override
    public byte[] body(Target target) {
        var body = Json.object().put("model", target.model()).put("stream", stream);
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "word ".repeat(padding / 5) + script.text());
        return Json.bytes(body);
    }

    @Override
    public String mark() {
        return stream ? "[DONE]" : "\"choices\"";
    }
}
