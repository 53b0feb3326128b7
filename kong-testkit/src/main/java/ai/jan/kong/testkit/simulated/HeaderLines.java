// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Headers in order, names in the spelling of who set them and compared without it. */
public final class HeaderLines {
    /** One line. */
    public record Line(String name, String value) {}

    private final List<Line> lines = new ArrayList<>();

    public HeaderLines() {}

    public HeaderLines(HeaderLines others) {
        lines.addAll(others.lines);
    }

    public List<Line> lines() {
        return List.copyOf(lines);
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(Line::value)
                .toList();
    }

    public HeaderLines add(String name, String value) {
        lines.add(new Line(name, value));
        return this;
    }

    /** Replaces all values of that name, in the place of the first. */
    HeaderLines set(String name, List<String> values) {
        int at = 0;
        while (at < lines.size() && !lines.get(at).name().equalsIgnoreCase(name)) {
            at++;
        }
        remove(name);
        lines.addAll(
                Math.min(at, lines.size()),
                values.stream().map(value -> new Line(name, value)).toList());
        return this;
    }

    HeaderLines set(String name, String value) {
        return set(name, List.of(value));
    }

    void remove(String name) {
        lines.removeIf(line -> line.name().equalsIgnoreCase(name));
    }

    /** As Kong's {@code get_header} finds it: an underscore may stand for a dash. */
    Optional<String> find(String name) {
        return first(name).or(() -> first(name.replace('_', '-')));
    }

    /** As Kong's {@code get_headers} gives them. */
    Struct table(int limit) {
        Map<String, List<Value>> values = new LinkedHashMap<>();
        lines.stream()
                .limit(limit)
                .forEach(line ->
                        values.computeIfAbsent(
                                        line.name().toLowerCase(Locale.ROOT),
                                        _ -> new ArrayList<>())
                                .add(new Value.Text(line.value())));
        return table(values);
    }

    /** The same for an answer, in which nginx counts some headers extra. */
    Struct answerTable(int limit) {
        var counted = new HeaderLines();
        lines.stream().filter(line -> !isExtra(line)).limit(limit).forEach(counted.lines::add);
        lines.stream().filter(HeaderLines::isExtra).forEach(counted.lines::add);
        return counted.table(counted.lines.size());
    }

    private static boolean isExtra(Line line) {
        return line.name().equalsIgnoreCase("Content-Type")
                || line.name().equalsIgnoreCase("Connection");
    }

    /** One value as itself, several as a list. */
    static Struct table(Map<String, List<Value>> values) {
        Map<String, Value> fields = new LinkedHashMap<>();
        values.forEach((name, list) ->
                fields.put(name, list.size() == 1 ? list.getFirst() : new ListValue(list)));
        return new Struct(fields);
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
