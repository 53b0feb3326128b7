// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import ai.jan.database.Database;
import ai.jan.tools.embed.Vector;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The pieces of an owner's documents that may answer a question: those that have all its words, a
 * share for each of its words, and, while there is room, any others, so that in a small collection
 * nothing is missed for the want of a word. 500 at most; each step is bounded, whatever the words.
 * Thread-safe.
 */
final class Candidates {
    static final int MOST = 500;

    private static final int MAX_WORDS = 12;
    private static final String WORDS =
            """
            SELECT lexeme FROM unnest(to_tsvector('english', :question)) LIMIT :most
            """;
    private static final String WANTED =
            """
            c.owner = :owner
              AND (cardinality(:ids) = 0 OR c.document_id = ANY (CAST(:ids AS text[])))
              AND (cardinality(:tags) = 0 OR EXISTS (
                SELECT FROM tools.documents d
                WHERE d.owner = c.owner AND d.id = c.document_id AND d.tags @> CAST(:tags AS text[])))
            """;
    private static final String PICK =
            """
            WITH picked AS (
              (SELECT c.document_id, c.ordinal FROM tools.chunks c
               WHERE c.words @@ (CAST(:every AS tsquery) && CAST(:own AS tsquery)) AND %1$s LIMIT 200)
              UNION
              (SELECT c.document_id, c.ordinal FROM unnest(CAST(:each AS text[])) AS word, LATERAL (
                SELECT * FROM tools.chunks c
                WHERE c.words @@ (CAST(word AS tsquery) && CAST(:own AS tsquery)) AND %1$s
                LIMIT :share) c)
            ), filled AS (
              SELECT document_id, ordinal, true AS is_picked FROM picked
              UNION ALL
              (SELECT c.document_id, c.ordinal, false FROM tools.chunks c
               WHERE %1$s AND NOT EXISTS (
                 SELECT FROM picked p WHERE p.document_id = c.document_id AND p.ordinal = c.ordinal)
               ORDER BY c.owner, c.document_id, c.ordinal LIMIT :most)
            )
            SELECT c.document_id, c.ordinal, c.vector, d.model,
              ts_rank(c.words, CAST(:any AS tsquery), 32) AS rank
            FROM (SELECT * FROM filled ORDER BY is_picked DESC LIMIT :most) f
            JOIN tools.chunks c
              ON c.owner = :owner AND c.document_id = f.document_id AND c.ordinal = f.ordinal
            JOIN tools.documents d ON d.owner = :owner AND d.id = f.document_id
            """
                    .formatted(WANTED);

    private static final String READ =
            """
            SELECT d.id, d.metadata, d.tags, c.text
            FROM unnest(CAST(:documents AS text[]), CAST(:ordinals AS int[])) AS p (document, ordinal)
            JOIN tools.documents d ON d.owner = :owner AND d.id = p.document
            JOIN tools.chunks c
              ON c.owner = :owner AND c.document_id = p.document AND c.ordinal = p.ordinal
            """;

    /**
     * A piece that may answer.
     *
     * @param model whose vector it has
     * @param rank how well its words fit, from 0 to 1
     */
    record Candidate(String document, int ordinal, Vector vector, String model, double rank) {}

    private final Database database;

    Candidates(Database database) {
        this.database = database;
    }

    /**
     * Picks.
     *
     * @param ids only of these documents, if any are named
     * @param tags only of documents that carry all of these
     */
    List<Candidate> pick(String owner, String question, List<String> ids, List<String> tags) {
        return database.inTransaction(handle -> {
            var words = words(handle, question).stream().map(Candidates::quoted).toList();
            // Statistics say little about the words of one owner: always by the index of words.
            handle.execute("SET LOCAL enable_seqscan = off");
            return handle.createQuery(PICK)
                    .bind("owner", owner)
                    .bind("own", quoted("owner:" + md5(owner)))
                    .bind("every", String.join(" & ", words))
                    .bind("any", String.join(" | ", words))
                    .bindArray("each", String.class, words)
                    .bindArray("ids", String.class, ids)
                    .bindArray("tags", String.class, tags)
                    .bind("share", MOST / Math.max(1, words.size()))
                    .bind("most", MOST)
                    .map((row, _) ->
                            new Candidate(
                                    row.getString("document_id"),
                                    row.getInt("ordinal"),
                                    Vector.ofBytes(row.getBytes("vector")),
                                    row.getString("model"),
                                    row.getDouble("rank")))
                    .list();
        });
    }

    /** As a word is written in a tsquery. */
    private static String quoted(String word) {
        return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** As the table's column of words has it; a name, not a protection. */
    private static String md5(String owner) {
        try {
            var digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(owner.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private static List<String> words(Handle handle, String question) {
        return handle.createQuery(WORDS)
                .bind("question", question)
                .bind("most", MAX_WORDS)
                .mapTo(String.class)
                .list();
    }

    /**
     * What is told about a piece that was chosen.
     *
     * @param metadata of its document, a JSON object
     * @param tags of its document
     */
    record Passage(String text, String metadata, List<String> tags) {}

    /** What these pieces say, by document; one that is gone meanwhile is left out. */
    Map<String, Passage> read(String owner, List<Candidate> chosen) {
        var documents = chosen.stream().map(Candidate::document).toList();
        var ordinals = chosen.stream().map(Candidate::ordinal).toList();
        var passages = new HashMap<String, Passage>();
        database.with(handle ->
                handle.createQuery(READ)
                        .bind("owner", owner)
                        .bindArray("documents", String.class, documents)
                        .bindArray("ordinals", Integer.class, ordinals)
                        .map((row, _) ->
                                passages.put(
                                        row.getString("id"),
                                        new Passage(
                                                row.getString("text"),
                                                row.getString("metadata"),
                                                List.of(
                                                        (String[])
                                                                row.getArray("tags").getArray()))))
                        .list());
        return passages;
    }
}
