// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.embed.Embedder;
import ai.jan.tools.file.Documents.Chunk;
import ai.jan.tools.file.Documents.NewDocument;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import ai.jan.tools.tool.ToolFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code file_search_index}: keeps a document of the caller's, in place of one of the same id. */
public final class FileSearchIndex implements Tool {
    private static final ToolDefinition DEFINITION = ToolDefinition.ours("file_search_index");
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(2), 4);
    private static final int MAX_METADATA = 16 * 1024;

    private final Documents documents;
    private final Embedder embedder;

    public FileSearchIndex(Documents documents, Embedder embedder) {
        this.documents = documents;
        this.embedder = embedder;
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
    public Answer call(Identity caller, Arguments arguments)
            throws IOException, InterruptedException {
        arguments.checkStorable("document_id", "text", "tags");
        var id = arguments.text("document_id");
        var text = arguments.text("text");
        var tags = arguments.texts("tags");
        var document =
                new NewDocument(id, tags, metadata(arguments), Chunks.words(text), chunks(text));
        var at =
                documents
                        .replace(caller.subject(), document, embedder.model())
                        .orElseThrow(() ->
                                ToolFailure.refused(
                                        "The user keeps too many documents. Delete some with"
                                                + " file_search_delete first."));
        return new Answer.Structured(
                Json.object()
                        .put("document_id", id)
                        .put("status", "indexed")
                        .put("indexed_at", at.toString())
                        .put("token_count", document.tokens())
                        .put("chunk_count", document.chunks().size()));
    }

    private List<Chunk> chunks(String text) throws IOException, InterruptedException {
        var pieces = Chunks.of(text);
        var vectors = embedder.embed(pieces);
        var chunks = new ArrayList<Chunk>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) {
            chunks.add(new Chunk(pieces.get(i), vectors.get(i)));
        }
        return chunks;
    }

    private static String metadata(Arguments arguments) {
        var metadata = arguments.object("metadata");
        var json = metadata.isObject() ? Json.text(metadata) : "{}";
        if (json.length() > MAX_METADATA) {
            throw ToolFailure.argument("metadata", "is larger than 16 KiB.");
        }
        return json; // in which U+0000 is escaped
    }
}
