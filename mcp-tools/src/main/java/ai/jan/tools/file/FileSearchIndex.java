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

    /** Well before the deadline, for which the breaker would blame the tool. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int BATCH = 64;
    private static final int MAX_METADATA = 16 * 1024;

    private final Documents documents;
    private final Embedder embedder;
    private final Duration patience;

    public FileSearchIndex(Documents documents, Embedder embedder) {
        this(documents, embedder, PATIENCE);
    }

    /**
     * @param patience with the embedding of a document
     */
    FileSearchIndex(Documents documents, Embedder embedder, Duration patience) {
        this.documents = documents;
        this.embedder = embedder;
        this.patience = patience;
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
        var chunks = new ArrayList<Chunk>(pieces.size());
        long start = System.nanoTime();
        for (int from = 0; from < pieces.size(); from += BATCH) {
            if (System.nanoTime() - start > patience.toNanos()) {
                throw ToolFailure.refused(
                        "The text is too long for what can be indexed at the moment. Index it in"
                                + " parts, each with a document_id of its own.");
            }
            var batch = pieces.subList(from, Math.min(from + BATCH, pieces.size()));
            var vectors = embedder.embed(batch);
            for (int i = 0; i < batch.size(); i++) {
                chunks.add(new Chunk(batch.get(i), vectors.get(i)));
            }
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
