// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShelfIT {
    @TempDir private Path folder;

    private Shelf shelf;

    @BeforeEach
    void create() {
        shelf = new Shelf(folder);
    }

    @Test
    void makesAnItemOnce() throws Exception {
        var made = new AtomicInteger();
        Shelf.Maker maker =
                workspace -> {
                    made.incrementAndGet();
                    return Files.writeString(workspace.resolve("made"), "x");
                };

        var first = shelf.item("thing", maker);
        var second = shelf.item("thing", maker);

        assertThat(first).isEqualTo(second).hasContent("x");
        assertThat(made).hasValue(1);
    }

    @Test
    void hasNoHalfItemAfterAFailureAndTriesAgain() throws Exception {
        assertThatThrownBy(() ->
                        shelf.item(
                                "thing",
                                workspace -> {
                                    Files.writeString(workspace.resolve("half"), "x");
                                    throw new IOException("the network is gone");
                                }))
                .isInstanceOf(ProcessFailure.class)
                .hasMessageContaining("thing")
                .hasMessageContaining("the network is gone");
        assertThat(folder.resolve("thing")).doesNotExist();
        assertThat(folder.resolve("thing.part")).doesNotExist();

        assertThat(shelf.item("thing", workspace -> Files.createFile(workspace.resolve("whole"))))
                .exists();
    }

    @Test
    void doesSomethingOnceUnlessItFailed() throws Exception {
        var done = new AtomicInteger();
        assertThatThrownBy(() ->
                        shelf.once(
                                "thing",
                                () -> {
                                    throw ProcessFailure.unavailable("no");
                                }))
                .isInstanceOf(ProcessFailure.class);

        shelf.once("thing", done::incrementAndGet);
        shelf.once("thing", done::incrementAndGet);

        assertThat(done).hasValue(1);
    }

    @Test
    void refusesAZipThatWouldWriteElsewhere() throws Exception {
        var zip = folder.resolve("evil.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("../outside"));
            out.write(1);
        }
        var target = Files.createDirectory(folder.resolve("target"));

        assertThatThrownBy(() -> Archives.unzip(zip, target)).isInstanceOf(IOException.class);

        assertThat(folder.resolve("outside")).doesNotExist();
    }
}
