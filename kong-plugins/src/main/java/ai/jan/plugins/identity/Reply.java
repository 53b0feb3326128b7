// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Bytes;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** An endpoint's answer. */
record Reply(int status, Bytes body, Map<String, List<String>> headers) {
    private static final List<String> JSON = List.of("application/json");

    /** For this caller only, and not to be kept. */
    static Reply of(int status, ObjectNode body) {
        return new Reply(
                status,
                Bytes.of(Json.bytes(body)),
                Map.of("Content-Type", JSON, "Cache-Control", List.of("no-store")));
    }

    /** The same for everybody. */
    static Reply shared(ObjectNode body) {
        return new Reply(
                200,
                Bytes.of(Json.bytes(body)),
                Map.of("Content-Type", JSON, "Cache-Control", List.of("public, max-age=300")));
    }

    static Reply noContent() {
        return new Reply(204, Bytes.EMPTY, Map.of());
    }
}
