// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two stacks out of one folder. The system lets go of it when this process ends, however. */
final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    static RunLock take(Path home) throws IOException {
        var file = home.resolve("lock");
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isOurs(channel)) {
            var owner = Files.readString(file).strip();
            channel.close();
            throw ProcessFailure.unavailable(
                    "a stack already runs in "
                            + home
                            + " (process "
                            + owner
                            + "): stop it with Ctrl-C there or `make stop`, or set JAN_HOME to"
                            + " another folder and JAN_…_PORT=0");
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(
                        String.valueOf(ProcessHandle.current().pid())
                                .getBytes(StandardCharsets.UTF_8)));
        return new RunLock(channel);
    }

    private static boolean isOurs(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this very process
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
