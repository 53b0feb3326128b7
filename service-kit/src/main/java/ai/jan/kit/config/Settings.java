// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a process's settings from its environment. Every getter notes what is wrong and answers a
 * placeholder, so that {@link #check} reports all problems together. A setting {@code X} may be
 * given by {@code X_FILE}, the path of a file that holds the value. An unknown name with the prefix
 * {@code JAN_} is a problem unless it belongs to a sibling process, so that a typo cannot be
 * silent.
 *
 * <p>Use: construct, read every setting once, call {@link #check}, keep the values in a record. Not
 * thread-safe.
 */
public final class Settings {
    private static final String PREFIX = "JAN_";
    private static final String FILE = "_FILE";

    private final Map<String, String> environment;
    private final Map<String, String> seen = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    public Settings(Map<String, String> environment) {
        this.environment = environment;
    }

    /** A text that must be given. */
    public String text(String name, String example) {
        return value(name).orElseGet(() -> missing(name, example));
    }

    /** A text that must be given and be accepted. */
    public String text(String name, String example, Predicate<String> accepted) {
        var text = text(name, example);
        if (!text.isEmpty() && !accepted.test(text)) {
            problems.add(name + " is '" + text + "'; expected a value such as " + example);
        }
        return text;
    }

    /** A text with a default. */
    public String textOr(String name, String fallback) {
        return note(name, value(name).orElse(fallback));
    }

    /** A text with a default, that must be accepted; the default is an example. */
    public String textOr(String name, String fallback, Predicate<String> accepted) {
        var text = textOr(name, fallback);
        if (!accepted.test(text)) {
            problems.add(name + " is '" + text + "'; expected a value such as " + fallback);
        }
        return text;
    }

    /** A text that may be absent. */
    public Optional<String> optionalText(String name) {
        return value(name);
    }

    /** One of a few words; the first is the default. */
    public String oneOf(String name, String... words) {
        var allowed = List.of(words);
        var given = textOr(name, allowed.getFirst());
        if (!allowed.contains(given)) {
            problems.add(
                    name + " is '" + given + "'; expected one of " + String.join(", ", allowed));
        }
        return given;
    }

    /** A secret that must be given, of at least so many characters. */
    public Secret secret(String name, int minLength) {
        var secret = optionalSecret(name, minLength);
        return secret.orElseGet(() ->
                new Secret(
                        missing(name, "at least " + minLength + " characters, or " + name + FILE)));
    }

    /** A secret that may be absent. */
    public Optional<Secret> optionalSecret(String name, int minLength) {
        var value = value(name);
        seen.computeIfPresent(name, (_, _) -> "***");
        value.filter(text -> text.length() < minLength)
                .ifPresent(_ ->
                        problems.add(
                                name
                                        + " is too short: at least "
                                        + minLength
                                        + " characters are needed"));
        return value.map(Secret::new);
    }

    /** A TCP port; 0 lets the system choose. */
    public int port(String name, int fallback) {
        return number(name, fallback, 0, 65_535);
    }

    /** A whole number between two bounds, both allowed. */
    public int number(String name, int fallback, int min, int max) {
        return parsed(
                name,
                fallback,
                "a whole number from " + min + " to " + max,
                text -> {
                    var number = Integer.parseInt(text);
                    return number >= min && number <= max ? number : null;
                });
    }

    /** An http or https address. */
    public URI url(String name, String example) {
        var placeholder = URI.create("http://missing.invalid");
        return value(name).isEmpty()
                ? missingUrl(name, example, placeholder)
                : parsed(name, placeholder, "an address such as " + example, Settings::httpUrl);
    }

    /** An http or https address that may be absent. */
    public Optional<URI> optionalUrl(String name, String example) {
        return value(name).map(_ -> url(name, example));
    }

    /** A path that must be given. */
    public Path path(String name, String example) {
        return Path.of(text(name, example));
    }

    /**
     * Ends the reading.
     *
     * @param siblings names that other processes of the platform read and that may be in a shared
     *     environment, such as {@link PlatformSettings#NAMES}
     * @return one line per setting, secrets masked, for the log
     * @throws InvalidSettings with every problem found
     */
    public List<String> check(Set<String> siblings) {
        for (var name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(PREFIX) && !isKnown(name) && !isAmong(siblings, name)) {
                problems.add(
                        name
                                + " is not a setting of this process"
                                + nearest(name)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse(""));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return seen.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    private boolean isKnown(String name) {
        return isAmong(seen.keySet(), name) || PlatformSettings.EVERYWHERE.contains(name);
    }

    private static boolean isAmong(Set<String> names, String name) {
        return names.contains(name)
                || (name.endsWith(FILE)
                        && names.contains(name.substring(0, name.length() - FILE.length())));
    }

    private Optional<String> nearest(String name) {
        return seen.keySet().stream()
                .filter(known -> Spelling.distance(known, name) <= 3)
                .min(Comparator.comparingInt(known -> Spelling.distance(known, name)));
    }

    private Optional<String> value(String name) {
        var value = blankToNull(environment.get(name));
        var file = blankToNull(environment.get(name + FILE));
        note(name, value == null ? "" : value);
        if (value != null && file != null) {
            problems.add(name + " and " + name + FILE + " are both set; keep one");
        }
        if (value == null && file != null) {
            value = contentOf(name, Path.of(file));
        }
        return Optional.ofNullable(value);
    }

    private @Nullable String contentOf(String name, Path file) {
        try {
            return blankToNull(Files.readString(file).strip());
        } catch (IOException e) {
            problems.add(name + FILE + " names a file that cannot be read: " + file);
            return null;
        }
    }

    private <T> T parsed(
            String name, T fallback, String expected, Function<String, @Nullable T> parse) {
        var value = value(name);
        if (value.isEmpty()) {
            note(name, String.valueOf(fallback));
            return fallback;
        }
        try {
            var parsed = parse.apply(value.get());
            if (parsed != null) {
                return parsed;
            }
        } catch (NumberFormatException e) {
            // reported below like any other value that does not fit
        }
        problems.add(name + " is '" + value.get() + "'; expected " + expected);
        return fallback;
    }

    private static @Nullable URI httpUrl(String text) {
        try {
            var url = new URI(text);
            return url.getHost() != null
                            && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    ? url
                    : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private URI missingUrl(String name, String example, URI placeholder) {
        missing(name, example);
        return placeholder;
    }

    private String missing(String name, String example) {
        problems.add(name + " is missing; for example " + example);
        return "";
    }

    private String note(String name, String value) {
        seen.put(name, value);
        return value;
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
