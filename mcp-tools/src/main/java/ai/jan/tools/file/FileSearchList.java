// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import java.io.IOException;
import java.time.Duration;

/** {@code file_search_list}: the caller's documents, a page at a time. */
public final class FileSearchList implements Tool {
    private static final ToolDefinition DEFINITION = ToolDefinition.ours("file_search_list");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(10), 32);

    private final Documents documents;

    public FileSearchList(Documents documents) {
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
    public Answer call(Identity caller, Arguments arguments) throws IOException {
        int limit = arguments.number("limit", 20);
        arguments.checkStorable("after");
        var after = arguments.optionalText("after").orElse("");
        var page = documents.page(caller.subject(), after, limit + 1);
        var answer = Json.object().put("has_more", page.size() > limit);
        var list = answer.putArray("documents");
        for (var document : page.subList(0, Math.min(limit, page.size()))) {
            var entry = list.addObject().put("document_id", document.id());
            var tags = entry.putArray("tags");
            document.tags().forEach(tags::add);
            entry.set("metadata", Json.parse(document.metadata()));
            entry.put("token_count", document.tokens())
                    .put("chunk_count", document.chunks())
                    .put("indexed_at", document.at().toString());
        }
        return new Answer.Structured(answer);
    }
}
