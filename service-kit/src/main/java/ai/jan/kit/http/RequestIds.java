// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of a request that carries none it can be known by. */
final class RequestIds {
    private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private RequestIds() {}

    /** The given id if it can be put into a log line, else a new one. */
    static String of(@Nullable String given) {
        if (given != null && ACCEPTABLE.matcher(given).matches()) {
            return given;
        }
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return "req_" + HexFormat.of().formatHex(bytes);
    }
}
