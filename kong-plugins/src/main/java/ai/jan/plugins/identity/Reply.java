// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Bytes;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An endpoint's answer. */
record Reply(int status, Bytes body, Map<String, List<String>> headers) {
    private static final List<String> JSON = List.of("application/json");
    private static final List<String> NO_STORE = List.of("no-store");

    /** For this caller only, and not to be kept. */
    static Reply of(int status, ObjectNode body) {
        return new Reply(
                status,
                Bytes.of(Json.bytes(body)),
                Map.of("Content-Type", JSON, "Cache-Control", NO_STORE));
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

    /** To another address, for this caller only. */
    static Reply redirect(String location) {
        return new Reply(
                302, Bytes.EMPTY, Map.of("Location", List.of(location), "Cache-Control", NO_STORE));
    }

    /** A page for this caller only, which may load and run nothing and tells nobody of itself. */
    static Reply page(String html) {
        return new Reply(
                200,
                Bytes.utf8(html),
                Map.of(
                        "Content-Type",
                        List.of("text/html; charset=utf-8"),
                        "Cache-Control",
                        NO_STORE,
                        "Content-Security-Policy",
                        List.of("default-src 'none'; frame-ancestors 'none'"),
                        "Referrer-Policy",
                        List.of("no-referrer")));
    }

    /** The same, and the client's browser keeps or forgets these cookies. */
    Reply with(String... cookies) {
        var all = new TreeMap<>(headers);
        all.put("Set-Cookie", List.of(cookies));
        return new Reply(status, body, all);
    }
}
