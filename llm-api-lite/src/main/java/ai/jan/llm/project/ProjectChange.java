// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.project;

import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants a project to be; what it does not mention stays.
 *
 * @param instruction null or empty for none; counts only if {@code hasInstruction}
 */
record ProjectChange(
        Optional<String> name,
        boolean hasInstruction,
        @Nullable String instruction,
        Optional<Boolean> archived,
        Optional<Boolean> favorite) {
    private static final int MAX_NAME = 120;
    private static final int MAX_INSTRUCTION = 32_768;

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with it
     */
    static ProjectChange read(ObjectNode body) {
        var fields = Fields.of(body);
        var name = fields.text("name").map(String::strip);
        name.ifPresent(text -> fields.checkText("name", text, 1, MAX_NAME));
        var instruction = fields.text("instruction");
        instruction.ifPresent(text -> fields.checkText("instruction", text, 0, MAX_INSTRUCTION));
        return new ProjectChange(
                name,
                body.has("instruction"),
                instruction.filter(text -> !text.isBlank()).orElse(null),
                fields.optionalFlag("is_archived"),
                fields.optionalFlag("is_favorite"));
    }

    String requiredName() {
        return name.orElseThrow(() -> Invalid.missing("name"));
    }
}
