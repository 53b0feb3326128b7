// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.retention;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import java.io.IOException;

/** Jan's own {@code DELETE /v1/user/data}: erases everything that is kept for the caller. */
public final class DataRoutes {
    private final OwnedData data;

    public DataRoutes(OwnedData data) {
        this.data = data;
    }

    public void erase(Exchange exchange, Identity caller) throws IOException {
        var erased = data.erase(caller.subject());
        exchange.send(
                200,
                Json.object()
                        .put("object", "user.data.deleted")
                        .put("deleted", true)
                        .put("conversations", erased.get(Removal.CONVERSATIONS))
                        .put("chat_completions", erased.get(Removal.COMPLETIONS))
                        .put("responses", erased.get(Removal.RESPONSES))
                        .put("projects", erased.get(Removal.PROJECTS))
                        .put("items", erased.get(Removal.ITEMS)));
    }
}
