// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UpkeepIT {
    private static final String ONE =
            "backends: [{name: one, url: 'http://127.0.0.1:9/v1', models: [a]}";

    @TempDir private Path folder;

    @Test
    void takesOverTheFileAndTheSwitchesWhenTheyChange() throws Exception {
        var file = Files.writeString(folder.resolve("backends.yml"), ONE + "]");
        var models =
                new Models(BackendsFile.read(file, Map.of()), Upstream.client(), Instant.EPOCH);
        var one = models.backends().getFirst();
        try (var storage = TestingDatabase.migrated();
                var database = Database.open(storage.settings(LoginRole.LLM_API), "test");
                var _ = Upkeep.start(file, Map.of(), models, new ModelSwitches(database))) {
            Files.writeString(
                    file, ONE + ", {name: two, url: 'http://127.0.0.1:9/v1', models: [b]}]");
            await(() -> models.served().equals(List.of("a", "b")));
            assertThat(models.backends().getFirst())
                    .as("what has not changed goes on")
                    .isSameAs(one);

            Files.writeString(file, "backends: [{name: one");
            Thread.sleep(1500);
            assertThat(models.served()).as("a file that is wrong").containsExactly("a", "b");
            Files.delete(file);
            Thread.sleep(1500);
            assertThat(models.served()).as("no file").containsExactly("a", "b");
            Files.writeString(file, ONE + "]");
            await(() -> models.served().equals(List.of("a")));

            new ModelSwitches(database).set(List.of("a"), false, "root");
            await(() -> models.served().isEmpty());
            new ModelSwitches(database).set(List.of("a"), true, "root");
            await(() -> models.served().equals(List.of("a")));
        }
    }

    private static void await(BooleanSupplier done) throws InterruptedException {
        long start = System.nanoTime();
        while (!done.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(20));
            Thread.sleep(20);
        }
    }
}
