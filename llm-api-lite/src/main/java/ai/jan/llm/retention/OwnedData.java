// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.retention;

import ai.jan.database.Database;
import java.sql.Types;
import java.util.EnumMap;
import java.util.Map;

/** Everything that is kept for somebody. Thread-safe. */
public final class OwnedData {
    private final Database database;

    public OwnedData(Database database) {
        this.database = database;
    }

    /**
     * Erases everything, a batch at a time, so that no statement takes long. May be repeated if it
     * fails on the way.
     *
     * @return how many objects of each kind there were
     */
    Map<Removal, Integer> erase(String owner) {
        var erased = new EnumMap<Removal, Integer>(Removal.class);
        for (var removal : Removal.values()) {
            int all = 0;
            for (int some; (some = eraseSome(owner, removal)) > 0; ) {
                all += some;
            }
            erased.put(removal, all);
        }
        return erased;
    }

    private int eraseSome(String owner, Removal removal) {
        return database.with(handle ->
                handle.createUpdate(removal.sql())
                        .bind("owner", owner)
                        .bindNull("days", Types.INTEGER)
                        .execute());
    }
}
