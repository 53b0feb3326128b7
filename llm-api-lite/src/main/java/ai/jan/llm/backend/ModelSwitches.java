// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.database.Database;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** The table of models that administrators have switched off. Thread-safe. */
public final class ModelSwitches {
    private final Database database;

    public ModelSwitches(Database database) {
        this.database = database;
    }

    /**
     * @throws ai.jan.database.DatabaseUnavailable if it cannot be told now
     */
    Set<String> off() {
        return database.with(handle ->
                handle.createQuery("SELECT model FROM chat.models_off").mapTo(String.class).set());
    }

    /**
     * Switches models on or off, for every process.
     *
     * @param by the subject of the administrator
     * @throws ai.jan.database.DatabaseUnavailable if it cannot be done now
     */
    void set(Collection<String> models, boolean active, String by) {
        database.with(handle ->
                active
                        ? handle.createUpdate(
                                        "DELETE FROM chat.models_off WHERE model = ANY(:models)")
                                .bindArray("models", String.class, List.copyOf(models))
                                .execute()
                        : handle.createUpdate(
                                        """
                                        INSERT INTO chat.models_off (model, by_subject)
                                        SELECT unnest(:models), :by ON CONFLICT (model) DO NOTHING
                                        """)
                                .bindArray("models", String.class, List.copyOf(models))
                                .bind("by", by)
                                .execute());
    }
}
