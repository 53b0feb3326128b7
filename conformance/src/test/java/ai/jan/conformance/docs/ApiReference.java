// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The routes and bodies of {@code openapi.yml}, as tables of the API's page. */
final class ApiReference {
    private static final Path FILE =
            Markdown.ROOT.resolve("llm-api-lite/src/main/resources/ai/jan/llm/openapi/openapi.yml");

    private final Map<String, Object> document;
    private final Set<String> bodies = new LinkedHashSet<>();
    private final List<String> page = new ArrayList<>();

    private ApiReference(Map<String, Object> document) {
        this.document = document;
    }

    /** The part of the page, line by line. */
    static List<String> lines() throws IOException {
        try (var file = Files.newBufferedReader(FILE)) {
            Map<String, Object> document =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
            return new ApiReference(document).render();
        }
    }

    private List<String> render() {
        routes();
        page.addAll(List.of("", "## Bodies", "", "A member in bold is required."));
        var written = new LinkedHashSet<String>();
        while (!written.containsAll(bodies)) { // bodies grow by what their members refer to
            for (var name : List.copyOf(bodies)) {
                if (written.add(name)) {
                    body(name);
                }
            }
        }
        return List.copyOf(page);
    }

    private void routes() {
        for (var tag : list(document.get("tags"))) {
            var name = text(map(tag).get("name"));
            page.addAll(
                    List.of(
                            "",
                            "### "
                                    + name.substring(0, 1).toUpperCase(Locale.ROOT)
                                    + name.substring(1),
                            "",
                            "| Route | What it does | Query | Body |",
                            "|---|---|---|---|"));
            map(document.get("paths"))
                    .forEach((path, methods) ->
                            map(methods)
                                    .forEach((method, operation) -> {
                                        if (list(map(operation).get("tags")).contains(name)) {
                                            route(method, path, map(operation));
                                        }
                                    }));
        }
    }

    private void route(String method, String path, Map<String, Object> operation) {
        var query =
                list(operation.get("parameters")).stream()
                        .map(parameter -> resolved(map(parameter)))
                        .filter(parameter -> "query".equals(parameter.get("in")))
                        .map(parameter -> "`" + text(parameter.get("name")) + "`")
                        .collect(Collectors.joining(", "));
        page.add(
                "| `%s %s` | %s | %s | %s |"
                        .formatted(
                                method.toUpperCase(Locale.ROOT),
                                path,
                                text(operation.get("summary")),
                                query,
                                operation.containsKey("requestBody")
                                        ? link(schema(map(operation.get("requestBody"))))
                                        : ""));
    }

    private static Map<String, Object> schema(Map<String, Object> body) {
        return map(map(map(body.get("content")).get("application/json")).get("schema"));
    }

    private void body(String name) {
        var schema = map(map(map(document.get("components")).get("schemas")).get(name));
        page.addAll(List.of("", "### " + name, ""));
        if (schema.containsKey("description")) {
            page.addAll(List.of(text(schema.get("description")) + ".", ""));
        }
        page.addAll(List.of("| Member | Type |", "|---|---|"));
        var required = list(schema.get("required"));
        map(schema.get("properties"))
                .forEach((member, type) ->
                        page.add(
                                (required.contains(member) ? "| **`%s`** | %s |" : "| `%s` | %s |")
                                        .formatted(member, type(map(type)))));
    }

    /** What a value may be, in words. */
    private String type(Map<String, Object> schema) {
        if (schema.containsKey("$ref")) {
            var target = resolved(schema);
            return target.containsKey("properties") ? link(schema) : type(target);
        }
        if (schema.containsKey("anyOf")) {
            return list(schema.get("anyOf")).stream()
                    .map(each -> type(map(each)))
                    .collect(Collectors.joining(" or "));
        }
        if (schema.containsKey("const")) {
            return "`" + text(schema.get("const")) + "`";
        }
        if (schema.containsKey("enum")) {
            return list(schema.get("enum")).stream()
                    .filter(value -> value != null)
                    .map(value -> "`" + text(value) + "`")
                    .collect(Collectors.joining(", "));
        }
        return Stream.of(kind(schema), bounds(schema), lengths(schema), described(schema))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private String kind(Map<String, Object> schema) {
        var kinds =
                schema.get("type") instanceof List<?> several
                        ? several.stream().map(String::valueOf).toList()
                        : List.of(text(schema.getOrDefault("type", "any")));
        return kinds.stream()
                .filter(kind -> !kind.equals("null"))
                .map(kind -> kind.equals("array") ? array(schema) : kind)
                .collect(Collectors.joining(" or "));
    }

    private String array(Map<String, Object> schema) {
        return schema.containsKey("items") ? "array of " + type(map(schema.get("items"))) : "array";
    }

    private static String bounds(Map<String, Object> schema) {
        return range(schema.get("minimum"), schema.get("maximum"), "");
    }

    private static String lengths(Map<String, Object> schema) {
        return Stream.of(
                        range(schema.get("minLength"), schema.get("maxLength"), " characters"),
                        range(schema.get("minItems"), schema.get("maxItems"), " elements"),
                        range(null, schema.get("maxProperties"), " members"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String range(@Nullable Object least, @Nullable Object most, String unit) {
        if (least == null) {
            return most == null ? "" : "at most " + most + unit;
        }
        if (most == null && !unit.isEmpty() && least.equals(1)) {
            return "not empty";
        }
        return most == null || most.equals(Integer.MAX_VALUE)
                ? "at least " + least + unit
                : least + " to " + most + unit;
    }

    private static String described(Map<String, Object> schema) {
        return text(schema.getOrDefault("description", ""));
    }

    /** A body by its name, which is then one of those to be written. */
    private String link(Map<String, Object> reference) {
        var name = text(reference.get("$ref")).replaceFirst(".*/", "");
        bodies.add(name);
        return "[" + name + "](#" + name.toLowerCase(Locale.ROOT) + ")";
    }

    private Map<String, Object> resolved(Map<String, Object> schema) {
        if (!schema.containsKey("$ref")) {
            return schema;
        }
        Object target = document;
        for (var step : text(schema.get("$ref")).substring(2).split("/")) {
            target = map(target).get(step);
        }
        return map(target);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object yaml) {
        return yaml == null ? new LinkedHashMap<>() : (Map<String, Object>) yaml;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(@Nullable Object yaml) {
        return yaml == null ? List.of() : (List<Object>) yaml;
    }

    private static String text(@Nullable Object yaml) {
        return String.valueOf(yaml);
    }
}
