// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code compose/compose.yaml}, its anchors and merges resolved. */
public final class ComposeFile {
    public static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    public static final Path FOLDER = ROOT.resolve("compose");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(?::([-?])([^}]*))?}");

    private final Map<String, Service> services;

    private ComposeFile(Map<String, Service> services) {
        this.services = services;
    }

    public static ComposeFile read() throws IOException {
        try (var file = Files.newBufferedReader(FOLDER.resolve("compose.yaml"))) {
            var options = new LoaderOptions();
            options.setMaxAliasesForCollections(200);
            Map<String, Object> document = new Yaml(new SafeConstructor(options)).load(file);
            Map<String, Service> services = new TreeMap<>();
            map(document.get("services"))
                    .forEach((name, service) -> services.put(name, new Service(map(service))));
            return new ComposeFile(services);
        }
    }

    public Collection<Service> services() {
        return services.values();
    }

    public Map<String, Service> named() {
        return services;
    }

    public Service service(String name) {
        var service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("no service " + name);
        }
        return service;
    }

    /** The services that Compose starts when these profiles are asked for. */
    public Map<String, Service> withProfiles(List<String> profiles) {
        return services.entrySet().stream()
                .filter(entry ->
                        entry.getValue().profiles().isEmpty()
                                || entry.getValue().profiles().stream()
                                        .anyMatch(profiles::contains))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** A text with its variables replaced: by their default, or by what is given for a secret. */
    public static String resolved(String text, UnaryOperator<String> secret) {
        return VARIABLE.matcher(text).replaceAll(match -> replacement(match, secret));
    }

    private static String replacement(MatchResult match, UnaryOperator<String> secret) {
        var value =
                "?".equals(match.group(2))
                        ? secret.apply(match.group(1))
                        : match.group(3) == null ? "" : match.group(3);
        return java.util.regex.Matcher.quoteReplacement(value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> map(@Nullable Object yaml) {
        return yaml == null ? Map.of() : (Map<String, @Nullable Object>) yaml;
    }

    private static List<String> texts(@Nullable Object yaml) {
        return yaml instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** One service, in the file's own terms. */
    public record Service(Map<String, @Nullable Object> fields) {
        public String image() {
            return String.valueOf(fields.get("image"));
        }

        public List<String> profiles() {
            return texts(fields.get("profiles"));
        }

        public List<String> ports() {
            return texts(fields.get("ports"));
        }

        public List<String> volumes() {
            return texts(fields.get("volumes"));
        }

        public List<String> command() {
            return texts(fields.get("command"));
        }

        public boolean isBuiltHere() {
            return fields.containsKey("build");
        }

        /** The stage of the Dockerfile it is built from. */
        public String target() {
            return String.valueOf(map(fields.get("build")).get("target"));
        }

        public Map<String, String> environment() {
            var environment = new TreeMap<String, String>();
            map(fields.get("environment"))
                    .forEach((name, value) -> environment.put(name, String.valueOf(value)));
            return environment;
        }

        public Map<String, @Nullable Object> dependencies() {
            return map(fields.get("depends_on"));
        }

        public @Nullable Object field(String name) {
            return fields.get(name);
        }
    }
}
