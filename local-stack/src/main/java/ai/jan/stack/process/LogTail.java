// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The last words of a log, for an error message of one line. */
final class LogTail {
    private static final int BYTES = 4_000;
    private static final int LINES = 3;

    private LogTail() {}

    static String of(Path log) {
        try (var channel = FileChannel.open(log)) {
            channel.position(Math.max(0, channel.size() - BYTES));
            var buffer = ByteBuffer.allocate(BYTES);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            var text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            var lines = text.lines().map(String::strip).filter(LogTail::says).toList();
            return String.join(" | ", last(lines)) + " (all of it: " + log + ")";
        } catch (IOException e) {
            return "its log is " + log;
        }
    }

    /** Maven ends with addresses of its help pages and a colour code. */
    private static boolean says(String line) {
        return line.length() > 4 && !line.startsWith("[ERROR] [Help");
    }

    private static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    }
}
