// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which of somebody's conversations are meant; all if nothing is said. */
record ConversationFilter(Optional<String> project, Optional<String> referrer) {
    /** What rows of {@code chat.conversations} must fulfil besides. */
    String sql() {
        return project.map(_ -> " AND project_id = :project").orElse("")
                + referrer.map(_ -> " AND referrer = :referrer").orElse("");
    }

    Map<String, String> bindings() {
        var bindings = new HashMap<String, String>();
        project.ifPresent(id -> bindings.put("project", id));
        referrer.ifPresent(name -> bindings.put("referrer", name));
        return bindings;
    }
}
