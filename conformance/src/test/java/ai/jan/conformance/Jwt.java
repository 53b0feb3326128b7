// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;

/** The header of a token. */
final class Jwt {
    private Jwt() {}

    /** The key that it names as its signer's. */
    static String keyId(String token) throws IOException {
        return header(token).path("kid").asText();
    }

    /** The same token, naming another key. */
    static String withKeyId(String token, String keyId) throws IOException {
        var header = Json.bytes(header(token).put("kid", keyId));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header)
                + token.substring(token.indexOf('.'));
    }

    private static ObjectNode header(String token) throws IOException {
        var encoded = token.substring(0, token.indexOf('.'));
        return (ObjectNode) Json.parse(Base64.getUrlDecoder().decode(encoded));
    }
}
