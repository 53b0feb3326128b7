// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Header lines in their order, with their case and repetitions; names are compared without case.
 * Texts are bytes as Latin-1 characters. Not thread-safe.
 */
public final class Headers {
    /** One line. */
    public record Line(String name, String value) {}

    private final List<Line> lines;

    public Headers() {
        lines = new ArrayList<>();
    }

    private Headers(List<Line> lines) {
        this.lines = new ArrayList<>(lines);
    }

    public Headers copy() {
        return new Headers(lines);
    }

    public List<Line> lines() {
        return lines;
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** The first value of a name. */
    public Optional<String> first(String name) {
        for (var line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                return Optional.of(line.value());
            }
        }
        return Optional.empty();
    }

    /** All values of a name, in order. */
    public List<String> all(String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(Line::value)
                .toList();
    }

    public Headers add(String name, String value) {
        lines.add(new Line(name, value));
        return this;
    }

    public void addAll(Headers others) {
        lines.addAll(others.lines);
    }

    /** Replaces all lines of a name by one, at the place of the first. */
    public Headers set(String name, String value) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).name().equalsIgnoreCase(name)) {
                lines.set(i, new Line(name, value));
                int first = i;
                for (int j = lines.size() - 1; j > first; j--) {
                    if (lines.get(j).name().equalsIgnoreCase(name)) {
                        lines.remove(j);
                    }
                }
                return this;
            }
        }
        return add(name, value);
    }

    public void remove(String name) {
        lines.removeIf(line -> line.name().equalsIgnoreCase(name));
    }

    /** Writes the lines, each with its line end. */
    void writeTo(StringBuilder text) {
        for (var line : lines) {
            text.append(line.name()).append(": ").append(line.value()).append("\r\n");
        }
    }
}
