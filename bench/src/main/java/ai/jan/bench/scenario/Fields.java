// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a scenario file. Each is asked for once; {@link #end} refuses what
 * nobody has asked for. Everything throws {@link InvalidScenario}.
 */
public final class Fields {
    private static final Pattern TIME = Pattern.compile("(\\d+)(us|ms|s|m)");

    private final String place;
    private final Map<?, ?> values;
    private final Set<String> asked = new HashSet<>();

    /**
     * @param place of the object: the file, and the field if it is not the whole file
     */
    Fields(String place, @Nullable Object value) {
        this.place = place;
        if (!(value instanceof Map<?, ?> map)) {
            throw new InvalidScenario(place, "expected fields with values");
        }
        this.values = map;
    }

    /** A text that must be there. */
    public String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name, "a text"));
    }

    public Optional<String> optionalText(String name) {
        return switch (value(name)) {
            case null -> Optional.empty();
            case String text when !text.isBlank() -> Optional.of(text.strip());
            case Object other -> throw wrong(name, other, "a text");
        };
    }

    /** A whole number that must be there. */
    public int number(String name, int least, int most) {
        double value = real(name, least, most);
        if (value != Math.rint(value)) {
            throw wrong(name, value, "a whole number");
        }
        return (int) value;
    }

    /** A whole number, or what is meant without one. */
    public int number(String name, int least, int most, int otherwise) {
        return values.containsKey(name) ? number(name, least, most) : absent(name, otherwise);
    }

    /** A number that must be there. */
    public double real(String name, double least, double most) {
        return optionalReal(name, least, most).orElseThrow(() -> missing(name, "a number"));
    }

    public OptionalDouble optionalReal(String name, double least, double most) {
        var value = value(name);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!(value instanceof Number number)
                || number.doubleValue() < least
                || number.doubleValue() > most) {
            throw wrong(name, value, "a number from " + least + " to " + most);
        }
        return OptionalDouble.of(number.doubleValue());
    }

    public boolean flag(String name, boolean otherwise) {
        return switch (value(name)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            case Object other -> throw wrong(name, other, "true or false");
        };
    }

    /** A time such as {@code 500us}, {@code 20ms}, {@code 5s}, {@code 2m}, that must be there. */
    public Duration time(String name) {
        var value = value(name);
        if (value == null) {
            throw missing(name, "a time");
        }
        var matcher = TIME.matcher(value.toString());
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            throw wrong(name, value, "a time such as 500us, 20ms, 5s or 2m");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> Duration.ofNanos(number * 1000);
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    public Duration time(String name, Duration otherwise) {
        return values.containsKey(name) ? time(name) : absent(name, otherwise);
    }

    /** Texts; none if there is no such field. */
    public List<String> texts(String name) {
        return switch (value(name)) {
            case null -> List.of();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case Object other -> throw wrong(name, other, "a list");
        };
    }

    /** An object that must be there. */
    public Fields object(String name) {
        return optionalObject(name).orElseThrow(() -> missing(name, "fields with values"));
    }

    public Optional<Fields> optionalObject(String name) {
        return Optional.ofNullable(value(name)).map(value -> new Fields(place(name), value));
    }

    /** The objects of an object, by their names; none if there is no such field. */
    public Map<String, Fields> objects(String name) {
        var objects = new LinkedHashMap<String, Fields>();
        optionalObject(name)
                .ifPresent(fields ->
                        fields.values.forEach((key, value) ->
                                objects.put(
                                        key.toString(),
                                        new Fields(fields.place(key.toString()), value))));
        return objects;
    }

    /** What to throw where a value is not one of those it may be. */
    public InvalidScenario wrong(String name, Object value, String expected) {
        return new InvalidScenario(place(name), "expected " + expected + ", not " + value);
    }

    /** Refuses fields that nobody has asked for. */
    public void end() {
        for (var name : values.keySet()) {
            if (!asked.contains(name.toString())) {
                throw new InvalidScenario(place(name.toString()), "there is no such field");
            }
        }
    }

    private @Nullable Object value(String name) {
        asked.add(name);
        return values.get(name);
    }

    private <T> T absent(String name, T otherwise) {
        asked.add(name);
        return otherwise;
    }

    private InvalidScenario missing(String name, String expected) {
        return new InvalidScenario(place(name), "is missing: " + expected);
    }

    private String place(String name) {
        return place + (place.contains(": ") ? "." : ": ") + name;
    }
}
