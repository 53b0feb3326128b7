// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.util.List;
import java.util.Optional;

/** Chooses the form of an error by the client's Accept header, as Kong does. */
final class MediaTypes {
    private static final List<String> SUPPORTED =
            List.of(
                    "application/json",
                    "application/grpc",
                    "application/xml",
                    "text/html",
                    "text/plain");

    private MediaTypes() {}

    /**
     * @param accept the header, if there is one
     * @param fallback for a client that sends none
     */
    static String choose(Optional<String> accept, String fallback) {
        if (accept.isEmpty()) {
            return fallback;
        }
        var best = "application/json";
        double bestQuality = 0;
        for (var part : accept.get().split(",", -1)) {
            var words = part.split(";", -1);
            var type = matching(words[0].strip());
            double quality = quality(words);
            if (type.isPresent() && quality > bestQuality) {
                best = type.get();
                bestQuality = quality;
            }
        }
        return best;
    }

    private static Optional<String> matching(String range) {
        return switch (range) {
            case "*/*", "application/*" -> Optional.of("application/json");
            case "text/*" -> Optional.of("text/plain");
            default -> SUPPORTED.stream().filter(range::equalsIgnoreCase).findFirst();
        };
    }

    private static double quality(String[] words) {
        for (int i = 1; i < words.length; i++) {
            var word = words[i].strip();
            if (word.startsWith("q=")) {
                try {
                    return Double.parseDouble(word.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
