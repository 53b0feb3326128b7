// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** The scenarios of a folder, one file each. */
public final class ScenarioFiles {
    private static final String ENDING = ".yaml";

    private final Map<String, Scenario> all;

    private ScenarioFiles(Map<String, Scenario> all) {
        this.all = all;
    }

    /**
     * Reads them, in the order of their names.
     *
     * @throws InvalidScenario if one is not as it must be
     */
    public static ScenarioFiles read(Path folder) throws IOException {
        var all = new LinkedHashMap<String, Scenario>();
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                var scenario = parse(file.getFileName().toString(), Files.readString(file));
                all.put(scenario.name(), scenario);
            }
        }
        all.values().forEach(scenario -> checkNeeds(scenario, all));
        return new ScenarioFiles(all);
    }

    static Scenario parse(String file, String text) {
        if (!file.endsWith(ENDING)) {
            throw new InvalidScenario(file, "expected the name of a file to end with " + ENDING);
        }
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            Object document = new Yaml(new SafeConstructor(options)).load(text);
            var name = file.substring(0, file.length() - ENDING.length());
            return Scenario.read(name, new Fields(file, document));
        } catch (YAMLException e) {
            throw new InvalidScenario(file, String.valueOf(e.getMessage()));
        }
    }

    /** The names of all. */
    public List<String> names() {
        return List.copyOf(all.keySet());
    }

    /**
     * Those of these names and those that they need, each after what it needs; all without names.
     *
     * @param names a {@code *} at the end stands for whatever follows
     * @throws InvalidScenario if there is none of a name
     */
    public List<Scenario> chosen(Collection<String> names) {
        var chosen = new LinkedHashSet<Scenario>();
        for (var name : names.isEmpty() ? List.of("*") : names) {
            var fitting =
                    name.endsWith("*")
                            ? all.keySet().stream()
                                    .filter(each ->
                                            each.startsWith(name.substring(0, name.length() - 1)))
                                    .toList()
                            : List.of(name);
            if (fitting.isEmpty()) {
                throw unknown(name);
            }
            fitting.forEach(each -> choose(each, chosen));
        }
        return new ArrayList<>(chosen);
    }

    private void choose(String name, Set<Scenario> chosen) {
        var scenario = all.get(name);
        if (scenario == null) {
            throw unknown(name);
        }
        scenario.needs().values().forEach(needed -> choose(needed, chosen));
        chosen.add(scenario);
    }

    private InvalidScenario unknown(String name) {
        return new InvalidScenario(name, "there is no such scenario; there are " + all.keySet());
    }

    private static void checkNeeds(Scenario scenario, Map<String, Scenario> all) {
        scenario.needs()
                .forEach((field, name) -> {
                    var needed = all.get(name);
                    boolean fits =
                            needed != null
                                    && needed.target() == scenario.target()
                                    && needed.needs().isEmpty()
                                    && needed.kind()
                                            instanceof Kind.Chats(_, Demand.Given(Load.Closed _));
                    if (!fits) {
                        throw new InvalidScenario(
                                scenario.name() + ENDING + ": " + field,
                                "expected a scenario of the same target with closed load that needs"
                                        + " no other, not "
                                        + name);
                    }
                });
    }
}
