// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a real Kong answered. A small part is in the test resources; all of it is in {@code
 * -Dkong.golden=DIR}, or in a folder {@code shared/kong-golden} next to the project.
 */
final class Golden {
    static final JsonMapper MAPPER = new JsonMapper();

    private Golden() {}

    /** A few of them, that are always there. */
    static Path bundled() {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("golden")).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** All of them. */
    static Path complete() {
        var directory = directory();
        assumeTrue(directory.isPresent(), "the complete recordings are not on this machine");
        return directory.get();
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

    /** The bytes of a field, if they were recorded in full. */
    static Optional<byte[]> bytes(JsonNode record, String field) {
        return record.path(field).isTextual()
                ? Optional.of(HexFormat.of().parseHex(record.path(field).textValue()))
                : Optional.empty();
    }
}
