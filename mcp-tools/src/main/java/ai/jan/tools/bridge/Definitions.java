// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.bridge;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What may be made of another server's definition of a tool. */
final class Definitions {
    /** All that a model is told about a tool, and nothing else. */
    private static final List<String> MEMBERS =
            List.of("name", "title", "description", "inputSchema", "outputSchema", "annotations");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern DIALECT = Pattern.compile("https?://json-schema\\.org/.*");
    private static final int LARGEST = 64 * 1024;

    private Definitions() {}

    /** The part that counts. */
    static ObjectNode essence(JsonNode definition) {
        return ((ObjectNode) definition.deepCopy()).retain(MEMBERS);
    }

    /**
     * Whether it can be offered: of a reasonable size, with a plain name, and with schemas that
     * refer to nothing outside, which whoever validates would fetch.
     */
    static boolean isAcceptable(ObjectNode definition) {
        return NAME.matcher(definition.path("name").asText()).matches()
                && definition.path("inputSchema").isObject()
                && Json.bytes(definition).length <= LARGEST
                && definition.findValues("$ref").stream().allMatch(Definitions::isInside)
                && definition.findValues("$dynamicRef").stream().allMatch(Definitions::isInside)
                && definition.findValues("$schema").stream()
                        .allMatch(dialect -> DIALECT.matcher(dialect.asText()).matches());
    }

    private static boolean isInside(JsonNode reference) {
        return reference.asText().startsWith("#");
    }

    /** SHA-256 of the definition, whatever the order of its members; in hexadecimal digits. */
    static String fingerprint(ObjectNode definition) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var text = Json.text(sorted(definition));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static JsonNode sorted(JsonNode value) {
        if (value.isObject()) {
            var members = new TreeMap<String, JsonNode>();
            value.properties().forEach(m -> members.put(m.getKey(), sorted(m.getValue())));
            return Json.object().setAll(members);
        }
        if (value.isArray()) {
            var items = Json.array();
            value.forEach(item -> items.add(sorted(item)));
            return items;
        }
        return value;
    }
}
