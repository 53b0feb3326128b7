// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kong.pdk.Kong;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The header that joins the spans of one request (<a
 * href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>).
 */
final class TraceParent {
    static final String HEADER = "traceparent";
    static final String STATE_HEADER = "tracestate";

    private static final Pattern VALID =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?");
    private static final int VERSION_0_LENGTH = 55;
    private static final int MAX_LENGTH = 512;

    private final SecureRandom random;

    TraceParent(SecureRandom random) {
        this.random = random;
    }

    /** Whether the request names one trace, and in a way that its readers understand. */
    static boolean isPresentIn(Kong.Headers headers) {
        var values = headers.values().getOrDefault(HEADER, List.of());
        return values.size() == 1 && isValid(values.getFirst());
    }

    static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH
                && VALID.matcher(value).matches()
                && (!value.startsWith("00") || value.length() == VERSION_0_LENGTH);
    }

    /** A new trace, to be sampled. */
    String mint() {
        return "00-" + randomHex(16) + "-" + randomHex(8) + "-01";
    }

    private String randomHex(int size) {
        var bytes = new byte[size];
        random.nextBytes(bytes);
        bytes[0] |= 1; // all zeros would be invalid
        return HexFormat.of().formatHex(bytes);
    }
}
