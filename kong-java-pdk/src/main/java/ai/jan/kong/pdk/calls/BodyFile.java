// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.RawBody;
import ai.jan.kong.pdk.message.RawBodyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a body that nginx has put into a temporary file; it is deleted when the request ends. */
final class BodyFile {
    private BodyFile() {}

    static RawBody body(RawBodyResult result, int maxBytes) {
        if (result.content() != null) {
            return result.content().length() > maxBytes
                    ? new RawBody.TooLarge(result.content().length())
                    : new RawBody.Content(result.content());
        }
        if (result.bodyFilepath() != null) {
            return read(Path.of(result.bodyFilepath()), maxBytes);
        }
        return new RawBody.Unreadable(
                result.error() == null ? "Kong sent no body" : result.error());
    }

    private static RawBody read(Path file, int maxBytes) {
        try (var in = Files.newInputStream(file)) {
            long size = Files.size(file);
            if (size > maxBytes) {
                return new RawBody.TooLarge(size);
            }
            return new RawBody.Content(Bytes.of(in.readNBytes(maxBytes)));
        } catch (IOException e) {
            return new RawBody.Unreadable("the body is in a file that cannot be read: " + e);
        }
    }
}
