// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.database.Database;
import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.plugins.keys.ApiKeys;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.NewKey;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command {@code api-key create}: issues an API key and prints it, and nothing else. */
final class ApiKeyCommand {
    static final String USAGE =
            "api-key create --owner SUBJECT --name TEXT --plan PLAN"
                    + " [--roles a,b] [--scopes a,b] [--expires-in 90d|12h|30m]";

    private static final Set<String> OPTIONS =
            Set.of("--owner", "--name", "--plan", "--roles", "--scopes", "--expires-in");

    /** An owner becomes a header. */
    private static final Pattern OWNER = Pattern.compile("[!-~]{1,255}");

    private static final Pattern PERIOD = Pattern.compile("([1-9][0-9]{0,5})([dhm])");
    private static final int MAX_NAME = 255;

    private final InstantSource clock;
    private final PrintStream out;

    ApiKeyCommand(InstantSource clock, PrintStream out) {
        this.clock = clock;
        this.out = out;
    }

    void run(Lifecycle lifecycle) {
        var key = parse(lifecycle.arguments());
        var settings = PluginsSettings.from(lifecycle.environment());
        try (var database = Database.open(settings.database(), "api-key")) {
            var hasher = new KeyHasher(settings.apiKeyPepper());
            out.println(new ApiKeys(database, hasher, new SecureRandom()).create(key));
        } catch (DatabaseUnavailable e) {
            throw ProcessFailure.unavailable("the database does not answer: " + e.getMessage());
        }
    }

    NewKey parse(List<String> arguments) {
        if (arguments.size() < 2 || !arguments.get(1).equals("create")) {
            throw ProcessFailure.usage("usage: " + USAGE);
        }
        var options = CommandLine.options(arguments.subList(2, arguments.size()), OPTIONS, USAGE);
        return new NewKey(
                matching(options, "--owner", OWNER, "visible ASCII characters, at most 255"),
                named(options),
                matching(options, "--plan", Pattern.compile("[a-z0-9_-]{1,64}"), "a plan's name"),
                list(options, "--roles"),
                list(options, "--scopes"),
                null,
                Optional.ofNullable(options.get("--expires-in"))
                        .map(text -> clock.instant().plus(period(text)))
                        .orElse(null));
    }

    private static String named(Map<String, String> options) {
        var name = required(options, "--name").strip();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw ProcessFailure.usage("--name has 1 to " + MAX_NAME + " characters");
        }
        return name;
    }

    private static String matching(
            Map<String, String> options, String name, Pattern shape, String expected) {
        var value = required(options, name);
        if (!shape.matcher(value).matches()) {
            throw ProcessFailure.usage(name + " must be " + expected);
        }
        return value;
    }

    private static String required(Map<String, String> options, String name) {
        var value = options.get(name);
        if (value == null) {
            throw ProcessFailure.usage(name + " is missing", "usage: " + USAGE);
        }
        return value;
    }

    private static Set<String> list(Map<String, String> options, String name) {
        return Arrays.stream(options.getOrDefault(name, "").split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Duration period(String text) {
        var parts = PERIOD.matcher(text);
        if (!parts.matches()) {
            throw ProcessFailure.usage("--expires-in must be like 90d, 12h or 30m");
        }
        var amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "d" -> Duration.ofDays(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofMinutes(amount);
        };
    }
}
