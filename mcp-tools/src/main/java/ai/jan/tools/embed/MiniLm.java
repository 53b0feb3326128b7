// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import ai.jan.kit.json.Json;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * all-MiniLM-L6-v2, quantized (Apache-2.0), by ONNX Runtime in this process; 384 dimensions. Loaded
 * when it is first needed. It computes on threads of its own, because native code would hold those
 * that all virtual threads share.
 */
final class MiniLm implements Embedder {
    private static final String NAME = "all-minilm-l6-v2-q";
    private static final int MAX_TOKENS = 256;
    private static final int BATCH = 8;
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private record Loaded(OrtEnvironment environment, OrtSession session, WordPieces pieces) {}

    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    THREADS, Thread.ofPlatform().daemon().name("embedding-", 1).factory());
    private @Nullable Loaded loaded;

    @Override
    public String model() {
        return NAME;
    }

    @Override
    public List<Vector> embed(List<String> texts) throws IOException, InterruptedException {
        var vectors = new ArrayList<Vector>(texts.size());
        for (int from = 0; from < texts.size(); from += BATCH) {
            var batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
            var computed = threads.submit(() -> compute(batch));
            try {
                vectors.addAll(computed.get());
            } catch (ExecutionException e) {
                throw new IOException("the embedding model failed", e.getCause());
            } finally {
                computed.cancel(false);
            }
        }
        return vectors;
    }

    private List<Vector> compute(List<String> texts) throws OrtException, IOException {
        var model = loaded();
        var ids = texts.stream().map(text -> model.pieces().ids(text, MAX_TOKENS)).toList();
        int width = ids.stream().mapToInt(row -> row.length).max().orElse(0);
        var input = LongBuffer.allocate(ids.size() * width);
        var mask = LongBuffer.allocate(ids.size() * width);
        for (int row = 0; row < ids.size(); row++) {
            for (int column = 0; column < ids.get(row).length; column++) {
                input.put(row * width + column, ids.get(row)[column]);
                mask.put(row * width + column, 1);
            }
        }
        var shape = new long[] {ids.size(), width};
        var types = LongBuffer.allocate(ids.size() * width);
        var environment = model.environment();
        try (var inputIds = OnnxTensor.createTensor(environment, input, shape);
                var attention = OnnxTensor.createTensor(environment, mask, shape);
                var tokenTypes = OnnxTensor.createTensor(environment, types, shape);
                var result =
                        model.session()
                                .run(
                                        Map.of(
                                                "input_ids",
                                                inputIds,
                                                "attention_mask",
                                                attention,
                                                "token_type_ids",
                                                tokenTypes))) {
            var states = (float[][][]) result.get(0).getValue();
            var vectors = new ArrayList<Vector>(texts.size());
            for (int row = 0; row < states.length; row++) {
                vectors.add(Vector.of(mean(states[row], ids.get(row).length)));
            }
            return vectors;
        }
    }

    private static float[] mean(float[][] states, int tokens) {
        var sum = new float[states[0].length];
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += states[token][i];
            }
        }
        return sum;
    }

    private synchronized Loaded loaded() throws OrtException, IOException {
        var known = loaded;
        if (known != null) {
            return known;
        }
        var environment = OrtEnvironment.getEnvironment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            var session = environment.createSession(resource("/" + NAME + ".onnx"), options);
            var fresh = new Loaded(environment, session, new WordPieces(vocabulary()));
            loaded = fresh;
            return fresh;
        }
    }

    private static Map<String, Integer> vocabulary() throws IOException {
        var vocabulary = new HashMap<String, Integer>();
        Json.parse(resource("/" + NAME + "-tokenizer.json"))
                .path("model")
                .path("vocab")
                .properties()
                .forEach(piece -> vocabulary.put(piece.getKey(), piece.getValue().intValue()));
        return vocabulary;
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = MiniLm.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no such resource: " + name);
            }
            return in.readAllBytes();
        }
    }

    @Override
    public synchronized void close() {
        threads.shutdownNow();
        var model = loaded;
        loaded = null;
        if (model != null) {
            try {
                model.session().close();
            } catch (OrtException e) {
                throw new IllegalStateException("the embedding model does not close", e);
            }
        }
    }
}
