// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The owners of keys, from a file with lines of a key's SHA-256 and an owner. Known and unknown
 * keys are remembered, up to a number, so that a flood of either does not read the file.
 * Thread-safe.
 */
final class KeyFile {
    private static final int MAX_REMEMBERED = 1000;

    private record Answer(Optional<String> owner, Instant until) {}

    private final Path file;
    private final Duration rememberFor;
    private final InstantSource clock;
    private final Map<String, Answer> remembered =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    KeyFile(Path file, Duration rememberFor, InstantSource clock) {
        this.file = file;
        this.rememberFor = rememberFor;
        this.clock = clock;
    }

    /** Whose key it is, if anybody's. */
    synchronized Optional<String> owner(String key) throws IOException {
        var hash = sha256(key);
        var now = clock.instant();
        var known = remembered.get(hash);
        if (known != null && now.isBefore(known.until())) {
            return known.owner();
        }
        var owner = find(hash);
        remembered.put(hash, new Answer(owner, now.plus(rememberFor)));
        return owner;
    }

    private Optional<String> find(String hash) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.map(line -> line.strip().split("\\s+", 2))
                    .filter(words -> words.length == 2 && words[0].equals(hash))
                    .map(words -> words[1])
                    .findFirst();
        }
    }

    private static String sha256(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has SHA-256", e);
        }
    }
}
