// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Who the caller is. */
final class CallerEndpoints {
    private CallerEndpoints() {}

    static void addTo(Endpoints endpoints) {
        endpoints
                .on("GET", "/auth/me", (call, _) -> Reply.of(200, described(call.caller())))
                .on("GET", "/auth/validate", (call, _) -> validated(call))
                .on("POST", "/auth/validate", (call, _) -> validated(call));
    }

    /** Of a credential that is not valid there is no answer: jan-auth refuses it. */
    private static Reply validated(Call call) {
        return Reply.of(200, described(call.caller()).put("valid", true));
    }

    private static ObjectNode described(Identity caller) {
        var body =
                Json.object()
                        .put("id", caller.subject())
                        .put("subject", caller.subject())
                        .put("auth_method", caller.method().wireName())
                        .put("plan", caller.plan());
        var person = caller.person();
        if (person != null) {
            putIfKnown(body, "username", person.username());
            putIfKnown(body, "email", person.email());
        }
        var roles = body.putArray("roles");
        caller.roles().stream().sorted().forEach(roles::add);
        var scopes = body.putArray("scopes");
        caller.scopes().stream().sorted().forEach(scopes::add);
        putIfKnown(body, "team", caller.team());
        putIfKnown(body, "api_key_id", caller.keyId());
        return body;
    }

    private static void putIfKnown(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
