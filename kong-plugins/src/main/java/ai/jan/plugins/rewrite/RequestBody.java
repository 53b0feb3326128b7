// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.RawBody;
import ai.jan.plugins.rewrite.RewriteRules.Rewritten;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The body of a request as text that can be read: all of it, or the request is refused. Nothing
 * that could not be looked at goes on.
 *
 * @param bytes decompressed
 * @param decoded whether it was compressed
 */
record RequestBody(Bytes bytes, boolean decoded) {
    private static final Pattern JSON =
            Pattern.compile(
                    "application/json\\s*(;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*)?;?",
                    Pattern.CASE_INSENSITIVE);

    /**
     * @param maxBytes also of what comes out of a compressed body
     * @throws ApiProblem 413 or 415
     */
    static RequestBody of(RawBody raw, Kong.Headers headers, int maxBytes) {
        checkType(values(headers, "content-type"));
        boolean compressed = isCompressed(values(headers, "content-encoding"));
        return switch (raw) {
            case RawBody.Content(var bytes) ->
                    compressed
                            ? new RequestBody(decompressed(bytes, maxBytes), true)
                            : new RequestBody(bytes, false);
            case RawBody.TooLarge _ -> throw tooLarge();
            // Kong keeps it where only Kong can read it, because it is larger than its buffer
            case RawBody.Unreadable _ -> throw tooLarge();
        };
    }

    /** A body that was compressed goes on decompressed: nobody has to decode it twice. */
    Rewritten orDecoded(Rewritten rewritten) {
        return decoded && rewritten.body().isEmpty()
                ? new Rewritten(
                        Optional.of(bytes.toArray()), rewritten.alias(), rewritten.summary())
                : rewritten;
    }

    private static void checkType(List<String> types) {
        boolean isJson =
                types.isEmpty()
                        || (types.size() == 1 && JSON.matcher(types.getFirst().strip()).matches());
        if (!isJson) {
            throw unsupported("Send the request as Content-Type: application/json, in UTF-8.");
        }
    }

    private static boolean isCompressed(List<String> encodings) {
        var codings =
                encodings.stream()
                        .flatMap(value -> Arrays.stream(value.split(",")))
                        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
                        .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
                        .toList();
        if (codings.isEmpty()) {
            return false;
        }
        if (codings.equals(List.of("gzip")) || codings.equals(List.of("x-gzip"))) {
            return true;
        }
        throw unsupported("The only Content-Encoding of requests is gzip.")
                .header("Accept-Encoding", "gzip");
    }

    private static Bytes decompressed(Bytes bytes, int maxBytes) {
        try (var in = new GZIPInputStream(bytes.stream(), 8192)) {
            var content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
                throw tooLarge();
            }
            return Bytes.of(content);
        } catch (IOException e) {
            throw ApiProblem.badRequest(null, null, "The body of the request is no valid gzip.")
                    .because(e);
        }
    }

    private static List<String> values(Kong.Headers headers, String name) {
        return headers.values().getOrDefault(name, List.of());
    }

    private static ApiProblem tooLarge() {
        return new ApiProblem(
                413,
                ApiProblem.INVALID_REQUEST,
                "request_too_large",
                null,
                "The body of the request is too large.");
    }

    private static ApiProblem unsupported(String message) {
        return new ApiProblem(
                415, ApiProblem.INVALID_REQUEST, "unsupported_media_type", null, message);
    }
}
