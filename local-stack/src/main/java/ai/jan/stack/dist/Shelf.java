// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.dist;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.Trees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The folder of unpacked distributions. An item is made in a folder aside and moved into place when
 * it is whole; a lock file keeps two stacks that share a shelf from making the same item.
 */
final class Shelf {
    private final Path folder;

    Shelf(Path folder) {
        this.folder = folder;
    }

    /** Fills an empty folder. */
    @FunctionalInterface
    interface Maker {
        /**
         * @return the file or folder in there that is the item
         */
        Path make(Path workspace) throws IOException, InterruptedException;
    }

    /** The item of this name, made now if it is not there yet. */
    Path item(String name, Maker maker) throws InterruptedException {
        var item = folder.resolve(name);
        if (Files.exists(item)) {
            return item;
        }
        try {
            Files.createDirectories(folder);
            try (var channel = open(name);
                    var _ = channel.lock()) {
                if (!Files.exists(item)) {
                    make(item, maker);
                }
            }
        } catch (IOException e) {
            throw ProcessFailure.unavailable("cannot unpack " + name + ": " + e);
        }
        return item;
    }

    /** Does something to an item once in its life; a marker file remembers it. */
    void once(String name, Distributions.Work work) throws InterruptedException {
        var marker = folder.resolve(name + ".done");
        if (Files.exists(marker)) {
            return;
        }
        try (var channel = open(name);
                var _ = channel.lock()) {
            if (!Files.exists(marker)) {
                work.run();
                Files.createFile(marker);
            }
        } catch (IOException e) {
            throw ProcessFailure.unavailable("cannot write to " + folder + ": " + e);
        }
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(
                folder.resolve("." + name + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
    }

    private void make(Path item, Maker maker) throws IOException, InterruptedException {
        var workspace = folder.resolve(item.getFileName() + ".part");
        Trees.delete(workspace);
        Files.createDirectories(workspace);
        try {
            Files.move(maker.make(workspace), item, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Trees.delete(workspace);
        }
    }
}
