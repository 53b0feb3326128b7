// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import ai.jan.database.Database;
import ai.jan.tools.embed.Vector;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The documents of users. Every statement names the owner. Thread-safe. */
public final class Documents {
    /** As many pieces as one user may keep. */
    static final int MAX_CHUNKS = 200_000;

    private static final int BATCH = 200;
    private static final String UPSERT =
            """
            INSERT INTO tools.documents (owner, id, tags, metadata, token_count, chunk_count, model)
            VALUES (:owner, :id, :tags, :metadata::json, :tokens, :chunks, :model)
            ON CONFLICT (owner, id) DO UPDATE SET
              tags = excluded.tags, metadata = excluded.metadata, token_count = excluded.token_count,
              chunk_count = excluded.chunk_count, model = excluded.model, indexed_at = now()
            RETURNING indexed_at
            """;

    /**
     * What is kept about a document.
     *
     * @param metadata a JSON object
     */
    record Document(
            String id, List<String> tags, String metadata, int tokens, int chunks, Instant at) {
        private static Document of(ResultSet row) throws SQLException {
            return new Document(
                    row.getString("id"),
                    List.of((String[]) row.getArray("tags").getArray()),
                    row.getString("metadata"),
                    row.getInt("token_count"),
                    row.getInt("chunk_count"),
                    row.getTimestamp("indexed_at").toInstant());
        }
    }

    /** A piece of a document with its vector. */
    record Chunk(String text, Vector vector) {}

    /** A document that is to be kept. */
    record NewDocument(
            String id, List<String> tags, String metadata, int tokens, List<Chunk> chunks) {}

    private final Database database;

    public Documents(Database database) {
        this.database = database;
    }

    /**
     * Keeps a document in place of the one of the same id.
     *
     * @param model whose vectors the pieces have
     * @return when, or nothing if the owner would have more than {@link #MAX_CHUNKS}
     */
    Optional<Instant> replace(String owner, NewDocument document, String model) {
        return database.inTransaction(handle -> {
            int others = chunksBesides(handle, owner, document.id());
            if (others + document.chunks().size() > MAX_CHUNKS) {
                return Optional.empty();
            }
            // Whoever replaces the same document waits here for the one who came first.
            var at =
                    handle.createQuery(UPSERT)
                            .bind("owner", owner)
                            .bind("id", document.id())
                            .bindArray("tags", String.class, document.tags())
                            .bind("metadata", document.metadata())
                            .bind("tokens", document.tokens())
                            .bind("chunks", document.chunks().size())
                            .bind("model", model)
                            .mapTo(Instant.class)
                            .one();
            handle.execute(
                    "DELETE FROM tools.chunks WHERE owner = ? AND document_id = ?",
                    owner,
                    document.id());
            insert(handle, owner, document);
            return Optional.of(at);
        });
    }

    private static int chunksBesides(Handle handle, String owner, String id) {
        return handle.createQuery(
                        """
                        SELECT coalesce(sum(chunk_count), 0)::int FROM tools.documents
                        WHERE owner = :owner AND id <> :id
                        """)
                .bind("owner", owner)
                .bind("id", id)
                .mapTo(int.class)
                .one();
    }

    private static void insert(Handle handle, String owner, NewDocument document) {
        var chunks = document.chunks();
        for (int from = 0; from < chunks.size(); from += BATCH) {
            var batch =
                    handle.prepareBatch(
                            """
                            INSERT INTO tools.chunks (owner, document_id, ordinal, text, vector)
                            VALUES (:owner, :id, :ordinal, :text, :vector)
                            """);
            for (int i = from; i < Math.min(from + BATCH, chunks.size()); i++) {
                batch.bind("owner", owner)
                        .bind("id", document.id())
                        .bind("ordinal", i)
                        .bind("text", chunks.get(i).text())
                        .bind("vector", chunks.get(i).vector().bytes())
                        .add();
            }
            batch.execute();
        }
    }

    /** An owner's documents by id, after one of them. */
    List<Document> page(String owner, String after, int limit) {
        return database.with(handle ->
                handle.createQuery(
                                """
                                SELECT id, tags, metadata, token_count, chunk_count, indexed_at
                                FROM tools.documents WHERE owner = :owner AND id > :after
                                ORDER BY id LIMIT :limit
                                """)
                        .bind("owner", owner)
                        .bind("after", after)
                        .bind("limit", limit)
                        .map((row, _) -> Document.of(row))
                        .list());
    }

    /** Whether there was such a document. */
    boolean delete(String owner, String id) {
        return database.with(handle ->
                handle.execute("DELETE FROM tools.documents WHERE owner = ? AND id = ?", owner, id))
                > 0;
    }
}
