// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.plugins.json.JsonMember;
import ai.jan.plugins.json.JsonObject;
import ai.jan.plugins.json.JsonValue;
import ai.jan.plugins.json.JsonValue.Kind;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * What a request gives a model to read: how much it is, which media are in it, and whether it names
 * more that is stored elsewhere.
 */
final class Prompt {
    /** Members by which model servers recognise a part as a picture, a sound or a film. */
    private static final Set<String> MEDIA =
            Set.of("image_url", "input_audio", "audio_url", "video_url", "audio", "video", "image");

    /** Tensors that model servers unpack: such files have run code there. */
    private static final Set<String> TENSORS = Set.of("image_embeds", "audio_embeds");

    private static final Set<String> OF_MESSAGES =
            Set.of(
                    "role",
                    "content",
                    "name",
                    "type",
                    "text",
                    "tool_calls",
                    "tool_call_id",
                    "function_call",
                    "refusal",
                    "id",
                    "status",
                    "call_id",
                    "output",
                    "arguments");

    /** What known chat templates say before the first message, in tokens, rounded up. */
    private static final int TEMPLATE = 64;

    /** They explain how tools are called, too. */
    private static final int TEMPLATE_WITH_TOOLS = 512;

    private final boolean remoteMedia;
    private int templateTokens;
    private long mediaBytes;
    private int media;
    private int prompts;
    private long tokenIds;
    private boolean references;

    private Prompt(boolean remoteMedia) {
        this.remoteMedia = remoteMedia;
    }

    /**
     * @param remoteMedia whether media may be named by an http or https address
     * @throws ai.jan.kit.problem.ApiProblem 400 for what a prompt must not have
     */
    static Prompt of(ModelCall call, JsonObject body, boolean remoteMedia) {
        var prompt = new Prompt(remoteMedia);
        body.get(call.prompt()).ifPresent(value -> prompt.read(call, value));
        if (call == ModelCall.CHAT || call.isResponses()) {
            boolean tools =
                    body.present("tools").isPresent() || body.present("functions").isPresent();
            prompt.templateTokens = tools ? TEMPLATE_WITH_TOOLS : TEMPLATE;
        }
        prompt.references |=
                body.present("conversation").isPresent()
                        || body.present("previous_response_id").isPresent()
                        || (call.isResponses() && body.present("prompt").isPresent());
        return prompt;
    }

    private void read(ModelCall call, JsonValue value) {
        switch (call) {
            case CHAT, RESPONSES, INPUT_TOKENS -> {
                int[] index = {0};
                value.forEachElement(item -> {
                    item(item.object(), index[0]++, call);
                });
            }
            case COMPLETIONS, EMBEDDINGS -> texts(value);
        }
    }

    private void item(JsonObject item, int index, ModelCall call) {
        references |=
                call.isResponses()
                        && item.string("type")
                                .map(type -> type.equals("item_reference"))
                                .orElseGet(() -> item.get("role").isEmpty());
        for (var member : item) {
            refuseVariant(member, call, index);
            if (member.value().is(Kind.ARRAY)) {
                member.value()
                        .forEachElement(part ->
                                part.object().forEach(each -> refuseVariant(each, call, index)));
            }
            if (member.value().is(Kind.ARRAY) || member.value().is(Kind.OBJECT)) {
                parts(member.value(), path(call, index) + "." + member.name());
            }
        }
    }

    private static String path(ModelCall call, int index) {
        return call.prompt() + "[" + index + "]";
    }

    /** Looks for media however deep they are: tool results have them, too. */
    private void parts(JsonValue from, String path) {
        var waiting = new ArrayDeque<JsonValue>();
        waiting.add(from);
        while (!waiting.isEmpty()) {
            var value = waiting.pop();
            switch (value.kind()) {
                case ARRAY -> value.forEachElement(waiting::add);
                case OBJECT -> part(value.object(), path, waiting);
                case STRING, INTEGER, DECIMAL, BOOLEAN, NULL -> {}
            }
        }
    }

    private void part(JsonObject part, String path, ArrayDeque<JsonValue> waiting) {
        boolean isMedia = false;
        for (var member : part) {
            if (TENSORS.contains(member.name())) {
                throw Refusals.unsupported(path);
            }
            if (MEDIA.contains(member.name()) && !member.value().is(Kind.NULL)) {
                isMedia = true;
                mediaBytes += member.value().length();
                checkAddress(member.value(), path);
            } else {
                waiting.add(member.value());
            }
        }
        media += isMedia ? 1 : 0;
    }

    private void checkAddress(JsonValue medium, String path) {
        var address = medium.is(Kind.STRING) ? medium : medium.object().get("url").orElse(null);
        if (address == null || !address.is(Kind.STRING) || address.startsWith("data:")) {
            return;
        }
        boolean isRemote = address.startsWith("http://") || address.startsWith("https://");
        if (!isRemote || !remoteMedia) {
            throw Refusals.value(path, "media as a data: URL, within the request");
        }
    }

    /** Deeper there are names that others have chosen, such as those of a tool's arguments. */
    private static void refuseVariant(JsonMember member, ModelCall call, int index) {
        if (OF_MESSAGES.contains(member.name())) {
            return;
        }
        for (var each : OF_MESSAGES) {
            if (each.equalsIgnoreCase(member.name()) && !each.equals(member.name())) {
                throw Refusals.misspelt(path(call, index) + "." + member.name(), each);
            }
        }
    }

    /** A text, several, token ids, or several lists of those. */
    private void texts(JsonValue value) {
        if (!value.is(Kind.ARRAY)) {
            prompts = 1;
            return;
        }
        boolean[] flat = {false};
        value.forEachElement(element -> {
            switch (element.kind()) {
                case INTEGER, DECIMAL -> {
                    flat[0] = true;
                    tokenIds++;
                }
                case ARRAY -> {
                    prompts++;
                    element.forEachElement(_ -> tokenIds++);
                }
                case STRING, OBJECT, BOOLEAN, NULL -> prompts++;
            }
        });
        prompts += flat[0] ? 1 : 0;
    }

    /** How many pictures, sounds and films it has. */
    int media() {
        return media;
    }

    /** How many prompts are answered one by one. */
    int prompts() {
        return prompts;
    }

    /** Whether it names a conversation, a response or items that are stored. */
    boolean namesStoredState() {
        return references;
    }

    /**
     * At least what its text costs in tokens. No tokenizer makes more tokens than there are bytes
     * (those of vLLM fall back to bytes), and the names and signs of JSON around a message are more
     * than what a chat template puts there; before all messages a template has some words of its
     * own.
     *
     * @param bodyLength of the whole request, in bytes
     */
    long tokens(long bodyLength, int bytesPerToken) {
        return Math.max(Math.ceilDiv(bodyLength - mediaBytes, bytesPerToken), tokenIds)
                + templateTokens;
    }
}
