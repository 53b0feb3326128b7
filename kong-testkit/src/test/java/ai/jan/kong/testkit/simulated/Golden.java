// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a real Kong answered. A small part is in the test resources; all of it is in {@code
 * -Dkong.golden=DIR}, or in a folder {@code shared/kong-golden} next to the project.
 */
final class Golden {
    static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private Golden() {}

    /** A few of them, that are always there. */
    static Path bundled() {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("golden")).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** All of them, if there are any of that kind. */
    static Path complete(String prefix) throws IOException {
        var directory = directory();
        assumeTrue(directory.isPresent(), "the complete recordings are not on this machine");
        assumeTrue(!read(directory.get(), prefix).isEmpty(), "none of " + prefix + " are there");
        return directory.get();
    }

    /** Whether they are the ones that we know. */
    static boolean isOurs() {
        return System.getProperty("kong.golden") == null;
    }

    private static Optional<Path> directory() {
        var property = System.getProperty("kong.golden");
        if (property != null) {
            return Optional.of(Path.of(property));
        }
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("shared/kong-golden"))) {
                return Optional.of(at.resolve("shared/kong-golden"));
            }
        }
        return Optional.empty();
    }

    /** All records of the files whose names begin so. */
    static List<JsonNode> read(Path directory, String prefix) throws IOException {
        var records = new ArrayList<JsonNode>();
        try (var files = Files.list(directory)) {
            for (var file : files.sorted().toList()) {
                if (file.getFileName().toString().startsWith(prefix)) {
                    for (var line : Files.readAllLines(file)) {
                        records.add(MAPPER.readTree(line));
                    }
                }
            }
        }
        return records;
    }

    /** The requests by id; those of the bundled recordings are known everywhere. */
    static Map<String, JsonNode> contexts(Path directory) throws IOException {
        var contexts = new LinkedHashMap<String, JsonNode>();
        for (var at : List.of(bundled(), directory)) {
            for (var context : read(at, "wire-contexts")) {
                contexts.put(context.path("context").asText(), context);
            }
        }
        return contexts;
    }

    /** JSON with the members of its objects in order. */
    static String sorted(JsonNode json) throws JsonProcessingException {
        return MAPPER.writeValueAsString(MAPPER.treeToValue(json, Object.class));
    }

    /** The bytes of a field, if they were recorded in full. */
    static Optional<byte[]> bytes(JsonNode record, String field) {
        return record.path(field).isTextual()
                ? Optional.of(HexFormat.of().parseHex(record.path(field).textValue()))
                : Optional.empty();
    }

    /**
     * A long argument of which the beginning, the size and the hash were recorded: if it goes on
     * with the byte that the beginning ends with.
     */
    static Optional<byte[]> longBytes(JsonNode call) {
        var head = HexFormat.of().parseHex(call.path("argument_head_hex").textValue());
        var bytes = Arrays.copyOf(head, call.path("argument_size").asInt());
        Arrays.fill(bytes, head.length, bytes.length, head[head.length - 1]);
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return call.path("argument_sha256").asText().equals(HexFormat.of().formatHex(hash))
                    ? Optional.of(bytes)
                    : Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
