// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.platform.Target;
import java.nio.charset.StandardCharsets;

/** What a client asks for: a POST with JSON. */
public interface Request {
    /** Behind the target's path, such as {@code /chat/completions}. */
    String path();

    /** The JSON. */
    byte[] body(Target target);

    /** What stands in the body of each answer that is whole and good, in ASCII. */
    String mark();

    /** The request as bytes for a connection to the target. */
    default byte[] bytes(Target target) {
        return bytes(target, body(target));
    }

    /** The same, where the body is known already. */
    default byte[] bytes(Target target, byte[] body) {
        var head =
                new StringBuilder("POST ")
                        .append(target.url().getPath())
                        .append(path())
                        .append(" HTTP/1.1\r\nHost: ")
                        .append(target.url().getAuthority())
                        .append("\r\nContent-Type: application/json\r\nContent-Length: ")
                        .append(body.length)
                        .append("\r\n");
        target.headers()
                .get()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        var bytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var all = new byte[bytes.length + body.length];
        System.arraycopy(bytes, 0, all, 0, bytes.length);
        System.arraycopy(body, 0, all, bytes.length, body.length);
        return all;
    }
}
