// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import ai.jan.tools.tool.ToolFailure;
import java.time.Duration;

/** {@code file_search_delete}: forgets a document of the caller's. */
public final class FileSearchDelete implements Tool {
    private static final ToolDefinition DEFINITION = ToolDefinition.ours("file_search_delete");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(10), 16);

    private final Documents documents;

    public FileSearchDelete(Documents documents) {
        this.documents = documents;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public Answer call(Identity caller, Arguments arguments) {
        arguments.checkStorable("document_id");
        var id = arguments.text("document_id");
        if (!documents.delete(caller.subject(), id)) {
            throw ToolFailure.argument(
                    "document_id", "the user has no such document; file_search_list lists them.");
        }
        return new Answer.Structured(Json.object().put("document_id", id).put("status", "deleted"));
    }
}
