// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 without forgiving or hiding anything. */
public final class Wire {
    /** A header line. */
    public record Header(String name, String value) {}

    private final InputStream in;

    public Wire(InputStream in) {
        this.in = in;
    }

    public int read() throws IOException {
        return in.read();
    }

    /** A line without its end; null if the connection ended instead. */
    public @Nullable String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            int c = in.read();
            if (c < 0) {
                return null;
            }
            if (c == '\n') {
                var text = line.toString(ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(c);
        }
    }

    /** Header lines to the empty one; null if the connection ended before. */
    public @Nullable List<Header> headers() throws IOException {
        var headers = new ArrayList<Header>();
        while (true) {
            var line = line();
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            headers.add(
                    colon < 0
                            ? new Header(line, "")
                            : new Header(
                                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
    }

    public static Optional<String> first(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst();
    }

    /** At most so many bytes; fewer if the connection ends. */
    public byte[] bytes(int length) throws IOException {
        return in.readNBytes(length);
    }

    public byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    /** The next chunk; empty for the last one; null if the connection ended. */
    public byte @Nullable [] chunk() throws IOException {
        var size = line();
        if (size == null) {
            return null;
        }
        int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
        var data = in.readNBytes(length);
        if (length > 0) {
            line();
        }
        return data.length < length ? null : data;
    }
}
