// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.Metadata;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants a conversation to be; what it does not mention stays.
 *
 * @param title counts only if {@code hasTitle}; null for none
 * @param metadata replaces all there is
 * @param project id of the project it belongs to; counts only if {@code hasProject}; null for none
 * @param referrer what the client calls itself
 */
record ConversationChange(
        boolean hasTitle,
        @Nullable String title,
        Optional<ObjectNode> metadata,
        boolean hasProject,
        @Nullable String project,
        Optional<String> referrer) {
    private static final int MAX_TITLE = 256;
    private static final int MAX_REFERRER = 64;

    /** A conversation that a chat begins. */
    static ConversationChange begun(Optional<String> title, Optional<String> referrer) {
        return new ConversationChange(
                true, title.orElse(null), Optional.empty(), false, null, referrer);
    }

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with it
     */
    static ConversationChange read(ObjectNode body) {
        var fields = Fields.of(body);
        var title = fields.text("title");
        title.ifPresent(text -> {
            fields.checkText("title", text, 1, MAX_TITLE);
            if (text.isBlank()) {
                throw Invalid.emptyText("title");
            }
        });
        var project = fields.text("project_id");
        project.ifPresent(id -> {
            if (id.isEmpty()) {
                throw Invalid.emptyText("project_id");
            }
        });
        var referrer = fields.text("referrer");
        referrer.ifPresent(name -> fields.checkText("referrer", name, 1, MAX_REFERRER));
        return new ConversationChange(
                body.has("title"),
                title.orElse(null),
                Metadata.of(body),
                body.has("project_id"),
                project.orElse(null),
                referrer);
    }

    boolean isEmpty() {
        return !hasTitle && !hasProject && metadata.isEmpty() && referrer.isEmpty();
    }
}
