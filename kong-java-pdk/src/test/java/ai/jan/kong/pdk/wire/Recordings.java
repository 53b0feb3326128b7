// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

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
 * What a real Kong said on the plugin socket. A small part is in the test resources; all of it is
 * read from {@code -Dkong.golden=DIR}, or from a folder {@code shared/kong-golden} next to the
 * project.
 */
final class Recordings {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Recordings() {}

    static Path bundled() {
        try {
            return Path.of(Objects.requireNonNull(Recordings.class.getResource("golden")).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Optional<Path> complete() {
        var property = System.getProperty("kong.golden");
        if (property != null) {
            return Optional.of(Path.of(property));
        }
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var golden = at.resolve("shared/kong-golden");
            if (Files.isDirectory(golden)) {
                return Optional.of(golden);
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
