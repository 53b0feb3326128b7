// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A GGUF model, run by llama.cpp inside this JVM. Its native threads keep the JVM alive: the
 * process ends by {@code System.exit}.
 */
final class LlamaEngine implements Engine {
    private static final int SLOTS = 2;
    private static final int CONTEXT = 4096; // tokens per slot
    private static final int USUAL_ANSWER = 1024; // small models tend to ramble
    private static final float TEMPERATURE = 0.2f;
    private static final float TOP_P = 0.9f;

    private final LlamaModel model;
    private final String name;

    LlamaEngine(Path gguf) {
        LlamaModel.setLogger(LogFormat.TEXT, (_, _) -> {});
        this.name = nameOf(gguf);
        this.model =
                new LlamaModel(
                        new ModelParameters()
                                .setModel(gguf.toString())
                                .setCtxSize(CONTEXT * SLOTS)
                                .setParallel(SLOTS)
                                .setThreads(Runtime.getRuntime().availableProcessors())
                                .skipWarmup()
                                .disableLog());
    }

    /** {@code SmolLM2-135M-Instruct.Q4_1.gguf} is called {@code smollm2-135m-instruct}. */
    static String nameOf(Path gguf) {
        return gguf.getFileName()
                .toString()
                .replaceFirst("(?i)\\.gguf$", "")
                .replaceFirst("(?i)[.-](I?Q[0-9][A-Z0-9_]*|F16|F32|BF16)$", "")
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public String model() {
        return name;
    }

    @Override
    public OptionalInt context() {
        return OptionalInt.of(CONTEXT);
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public Generation begin(List<Message> messages, Sampling sampling) {
        var prompt = model.applyTemplate(Json.text(template(messages)));
        int promptTokens = model.encode(prompt).length;
        int room = CONTEXT - promptTokens;
        if (room <= 0) {
            throw ApiProblem.badRequest(
                    "context_length_exceeded",
                    "messages",
                    "This model's maximum context length is "
                            + CONTEXT
                            + " tokens. However, your messages resulted in "
                            + promptTokens
                            + " tokens.");
        }
        int limit = Math.min(room, sampling.maxTokens().orElse(USUAL_ANSWER));
        var parameters =
                new InferenceParameters(prompt)
                        .setNPredict(limit)
                        .setCachePrompt(true)
                        .setTemperature(orElse(sampling.temperature(), TEMPERATURE))
                        .setTopP(orElse(sampling.topP(), TOP_P))
                        .setFrequencyPenalty(orElse(sampling.frequencyPenalty(), 0f))
                        .setPresencePenalty(orElse(sampling.presencePenalty(), 0f));
        sampling.seed().ifPresent(parameters::setSeed);
        return new Answer(promptTokens, limit, model.generate(parameters).iterator());
    }

    @Override
    public void close() {
        model.close();
    }

    private static Object template(List<Message> messages) {
        var request = Json.object();
        var list = request.putArray("messages");
        for (var message : messages) {
            list.addObject().put("role", message.role()).put("content", message.text());
        }
        return request;
    }

    private static float orElse(Optional<Double> value, float usual) {
        return value.map(Double::floatValue).orElse(usual);
    }

    /** llama.cpp hands over a piece per token, and an empty one at the end. */
    private final class Answer implements Generation {
        private final int promptTokens;
        private final int limit;
        private final LlamaIterator pieces;
        private final StringBuilder text = new StringBuilder();
        private int count;

        Answer(int promptTokens, int limit, LlamaIterator pieces) {
            this.promptTokens = promptTokens;
            this.limit = limit;
            this.pieces = pieces;
        }

        @Override
        public int promptTokens() {
            return promptTokens;
        }

        @Override
        public Optional<String> next() {
            while (pieces.hasNext()) {
                var piece = pieces.next().text;
                if (!piece.isEmpty()) {
                    count++;
                    text.append(piece);
                    return Optional.of(piece);
                }
            }
            return Optional.empty();
        }

        @Override
        public int completionTokens() {
            // a character of several tokens comes as one piece
            return Math.max(count, text.isEmpty() ? 0 : model.encode(text.toString()).length);
        }

        @Override
        public boolean isCutOff() {
            return completionTokens() >= limit;
        }

        @Override
        public void cancel() {
            if (pieces.hasNext()) {
                pieces.cancel();
            }
        }
    }
}
