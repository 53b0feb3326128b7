// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.request.RequestSummary.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A call that names a model, and where its parts are. */
enum ModelCall {
    CHAT("chat/completions", Kind.CHAT, "messages"),
    COMPLETIONS("completions", Kind.COMPLETIONS, "prompt"),
    EMBEDDINGS("embeddings", Kind.EMBEDDINGS, "input"),
    RESPONSES("responses", Kind.RESPONSES, "input"),
    /** Counts what a response's input would cost. */
    INPUT_TOKENS("responses/input_tokens", Kind.OTHER, "input");

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern SLASHES = Pattern.compile("//+");
    private static final Pattern SLASHES_AT_THE_ENDS = Pattern.compile("^/|/$");
    private static final String CONVERSATIONS = "conversations";

    private final String path;
    private final Kind kind;
    private final String prompt;

    ModelCall(String path, Kind kind, String prompt) {
        this.path = path;
        this.kind = kind;
        this.prompt = prompt;
    }

    Kind kind() {
        return kind;
    }

    /** The parameter that holds what the model reads. */
    String prompt() {
        return prompt;
    }

    /** The parameters that limit the answer; all of them are kept to a limit. */
    List<String> outputLimits() {
        return switch (this) {
            case CHAT -> List.of("max_completion_tokens", "max_tokens");
            case COMPLETIONS -> List.of("max_tokens");
            case RESPONSES -> List.of("max_output_tokens");
            case EMBEDDINGS, INPUT_TOKENS -> List.of();
        };
    }

    /** The one of them that is written if none is there: the one that every model server knows. */
    Optional<String> outputLimit() {
        return outputLimits().stream().reduce((_, last) -> last);
    }

    boolean isResponses() {
        return this == RESPONSES || this == INPUT_TOKENS;
    }

    /**
     * Which call a path is; nothing if it is another route.
     *
     * @param path without its query, under {@code /v1} or {@code /llm/v1}
     * @throws ApiProblem 404 if it is a call in a spelling that only some readers would recognise
     */
    static Optional<ModelCall> of(String path) {
        var name = afterVersion(path);
        var usual = usual(name);
        var call = Arrays.stream(values()).filter(each -> each.path.equals(usual)).findFirst();
        if (call.isPresent() && !usual.equals(name)) {
            throw ApiProblem.notFound(null, null, "Unknown request URL: POST " + path + ".");
        }
        return call;
    }

    /** Whether a path is one of conversations: their bodies may have surplus text. */
    static boolean isConversation(String path) {
        var name = usual(afterVersion(path));
        return name.equals(CONVERSATIONS) || name.startsWith(CONVERSATIONS + "/");
    }

    private static String afterVersion(String path) {
        var rest = path.startsWith("/llm/") ? path.substring("/llm".length()) : path;
        return rest.startsWith("/v1/") ? rest.substring("/v1/".length()) : "";
    }

    private static String usual(String name) {
        var plain = PARAMETERS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
        return SLASHES_AT_THE_ENDS.matcher(SLASHES.matcher(plain).replaceAll("/")).replaceAll("");
    }
}
