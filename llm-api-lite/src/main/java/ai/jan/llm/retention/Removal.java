// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.retention;

import org.jspecify.annotations.Nullable;

/**
 * One kind of object, and which of them go. In the order in which they must: what is referred to
 * comes after what refers to it.
 */
enum Removal {
    /** One that a turn is writing is in use. */
    CONVERSATIONS(
            "chat.conversations",
            "used_at",
            """
            AND (:owner::text IS NOT NULL OR r.locked_until IS NULL OR r.locked_until < now())\
            """),
    COMPLETIONS("chat.completions", "created_at", ""),

    /** What something younger continues stays as long as that. */
    RESPONSES(
            "chat.responses",
            "created_at",
            """
            AND (:owner::text IS NOT NULL OR NOT EXISTS (
              SELECT 1 FROM chat.responses c WHERE c.owner = r.owner AND c.previous_id = r.id))\
            """),
    PROJECTS("chat.projects", null, ""),

    /** What nothing refers to any more. */
    ITEMS(
            "chat.items",
            "created_at",
            """
            AND NOT EXISTS (
              SELECT 1 FROM chat.conversation_items l WHERE l.owner = r.owner AND l.item_id = r.id)
            AND NOT EXISTS (
              SELECT 1 FROM chat.response_items l WHERE l.owner = r.owner AND l.item_id = r.id)\
            """);

    private static final int BATCH = 500;

    private final String table;
    private final boolean ages;
    private final String age;
    private final String condition;

    Removal(String table, @Nullable String age, String condition) {
        this.table = table;
        this.ages = age != null;
        this.age = age == null ? "created_at" : age;
        this.condition = condition;
    }

    /** Whether age alone is a reason to remove it. */
    boolean ages() {
        return ages;
    }

    /**
     * Removes some, and what belongs to them alone. The parameters are {@code owner} and {@code
     * days}, either of which may be null.
     */
    String sql() {
        return """
        DELETE FROM %1$s WHERE (owner, id) IN (
          SELECT r.owner, r.id FROM %1$s r
          WHERE (:owner::text IS NULL OR r.owner = :owner)
            AND (:days::int IS NULL OR r.%2$s < now() - make_interval(days => :days))
            %3$s
          LIMIT %4$d)
        """
                .formatted(table, age, condition, BATCH);
    }
}
