// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import ai.jan.database.Database;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.embed.Embedder;
import ai.jan.tools.embed.Vector;
import ai.jan.tools.file.Candidates.Candidate;
import ai.jan.tools.file.Candidates.Passage;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * {@code file_search_query}: the caller's documents that answer a question best, each with its best
 * piece. Words pick the candidates, meaning puts them in order.
 */
public final class FileSearchQuery implements Tool {
    private static final ToolDefinition DEFINITION = ToolDefinition.ours("file_search_query");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(20), 16);
    private static final double WEIGHT_OF_MEANING = 0.8;
    private static final int PREVIEW = 240;

    private record Scored(Candidate candidate, double score) {}

    private final Candidates candidates;
    private final Embedder embedder;

    public FileSearchQuery(Database database, Embedder embedder) {
        this.candidates = new Candidates(database);
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
        arguments.checkStorable("document_ids", "tags");
        var question = arguments.text("query").replace("\0", "");
        int most = arguments.number("top_k", 5);
        var meaning = embedder.embed(List.of(question)).getFirst();
        var owner = caller.subject();
        var best =
                best(
                        candidates.pick(
                                owner,
                                question,
                                arguments.texts("document_ids"),
                                arguments.texts("tags")),
                        meaning,
                        most);
        var passages = candidates.read(owner, best.stream().map(Scored::candidate).toList());
        var answer = Json.object().put("query", question).put("top_k", most);
        var results = answer.putArray("results");
        for (var scored : best) {
            var passage = passages.get(scored.candidate().document());
            if (passage != null) {
                results.add(result(scored, passage));
            }
        }
        return new Answer.Structured(answer.put("count", results.size()));
    }

    /** The best piece of each of the best documents. */
    private List<Scored> best(List<Candidate> picked, Vector meaning, int most) {
        var byDocument = new LinkedHashMap<String, Scored>();
        picked.stream()
                .map(candidate -> new Scored(candidate, score(candidate, meaning)))
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .forEach(scored -> byDocument.putIfAbsent(scored.candidate().document(), scored));
        return byDocument.values().stream().limit(most).toList();
    }

    private double score(Candidate candidate, Vector meaning) {
        double cosine =
                candidate.model().equals(embedder.model())
                        ? Math.max(0, candidate.vector().cosine(meaning))
                        : 0;
        return WEIGHT_OF_MEANING * cosine + (1 - WEIGHT_OF_MEANING) * candidate.rank();
    }

    private static ObjectNode result(Scored scored, Passage passage) throws IOException {
        var result = Json.object().put("document_id", scored.candidate().document());
        result.put("score", Math.round(scored.score() * 10_000) / 10_000.0);
        result.put("text_preview", cut(passage.text()));
        result.set("metadata", Json.parse(passage.metadata()));
        var tags = result.putArray("tags");
        passage.tags().forEach(tags::add);
        return result;
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= PREVIEW
                ? text
                : text.substring(0, text.offsetByCodePoints(0, PREVIEW));
    }
}
