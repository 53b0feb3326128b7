// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A function that the model wants called. */
final class CallItem extends OutputItem {
    private final String callId;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();

    CallItem(int index, Events events, String callId, String name) {
        super("function_call", index, events);
        this.callId = callId;
        this.name = name;
    }

    void arguments(String delta) throws ClientGone {
        arguments.append(delta);
        emit("response.function_call_arguments.delta", Json.object().put("delta", delta));
    }

    @Override
    void describe(ObjectNode item) {
        item.put("arguments", arguments.toString()).put("call_id", callId).put("name", name);
    }

    @Override
    void closeParts() throws ClientGone {
        emit(
                "response.function_call_arguments.done",
                Json.object().put("arguments", arguments.toString()).put("name", name));
    }
}
