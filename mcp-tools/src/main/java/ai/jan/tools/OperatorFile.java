// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.config.Secret;
import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.tools.bridge.UpstreamConfig;
import ai.jan.tools.bridge.UpstreamConfig.AllowedTool;
import ai.jan.tools.tool.Access;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The file in which the operator says who may call which tool, and which other MCP servers' tools
 * are offered:
 *
 * <pre>
 * access:                       # the first rule that names a tool decides; without one all may
 *   - tools: [python_exec, "github__*"]
 *     allow: [user, admin]      # optional: only these roles
 *     deny: [guest]             # optional: never these
 * upstreams:
 *   - name: github              # its tools are called github__search_issues, …
 *     url: https://mcp.example.com/mcp
 *     tools:
 *       - search_issues
 *       - name: read_file       # only as long as its definition is the one that was read
 *         sha256: 9f86d081…
 *     headers:
 *       Authorization: GITHUB_MCP_AUTHORIZATION   # the variable that holds the value
 * </pre>
 *
 * There is no way to declare a command: a server is an address, or it is not declared.
 */
final class OperatorFile {
    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,30}");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");
    private static final URI PLACEHOLDER = URI.create("http://missing.invalid");

    /** What is in the file. */
    record Content(Access access, List<UpstreamConfig> upstreams) {}

    private final String file;
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    private OperatorFile(String file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * Reads the file and the values it refers to.
     *
     * @throws ProcessFailure with every problem of the file
     */
    static Content read(Optional<Path> path, Map<String, String> environment) {
        if (path.isEmpty()) {
            return new Content(Access.DEFAULT, List.of());
        }
        var file = new OperatorFile(String.valueOf(path.get().getFileName()), environment);
        var root = file.parse(path.get());
        file.checkKeys(root, "the file", Set.of("access", "upstreams"));
        var rules = file.rules(root.path("access"));
        rules.addAll(Access.DEFAULT.rules());
        var upstreams = file.upstreams(root.path("upstreams"));
        if (!file.problems.isEmpty()) {
            throw ProcessFailure.configuration(file.problems);
        }
        return new Content(new Access(rules), upstreams);
    }

    private JsonNode parse(Path path) {
        try {
            return YAML.readTree(Files.readAllBytes(path));
        } catch (JsonProcessingException e) {
            problem(
                    "line " + e.getLocation().getLineNr(),
                    "it is not YAML, or a key is there twice");
        } catch (IOException e) {
            problem(path.toString(), "it cannot be read");
        }
        return YAML.createObjectNode();
    }

    private List<Access.Rule> rules(JsonNode list) {
        var rules = new ArrayList<Access.Rule>();
        checkList(list, "access");
        for (int i = 0; i < list.size(); i++) {
            var path = "access[" + i + "]";
            var rule = list.path(i);
            checkKeys(rule, path, Set.of("tools", "allow", "deny"));
            var tools = texts(rule.path("tools"), path + ".tools");
            var allow = texts(rule.path("allow"), path + ".allow");
            var deny = texts(rule.path("deny"), path + ".deny");
            if (tools.isEmpty() || (allow.isEmpty() && deny.isEmpty())) {
                problem(path, "expected tools, and allow or deny");
            }
            rules.add(new Access.Rule(tools, Set.copyOf(allow), Set.copyOf(deny)));
        }
        return rules;
    }

    private List<UpstreamConfig> upstreams(JsonNode list) {
        var upstreams = new ArrayList<UpstreamConfig>();
        var names = new HashSet<String>();
        checkList(list, "upstreams");
        for (int i = 0; i < list.size(); i++) {
            var path = "upstreams[" + i + "]";
            var upstream = list.path(i);
            checkKeys(upstream, path, Set.of("name", "url", "tools", "headers"));
            var name = text(upstream, path, "name");
            if (!name.isEmpty() && !NAME.matcher(name).matches()) {
                problem(path + ".name", "expected small letters, digits and hyphens");
            }
            if (!names.add(name)) {
                problem(path + ".name", "'" + name + "' is there twice");
            }
            upstreams.add(
                    new UpstreamConfig(
                            name,
                            url(upstream, path),
                            tools(upstream.path("tools"), path + ".tools"),
                            headers(upstream.path("headers"), path + ".headers")));
        }
        return upstreams;
    }

    private List<AllowedTool> tools(JsonNode list, String path) {
        var tools = new ArrayList<AllowedTool>();
        for (int i = 0; i < list.size(); i++) {
            var tool = list.path(i);
            if (tool.isTextual()) {
                tools.add(new AllowedTool(tool.textValue(), Optional.empty()));
                continue;
            }
            var at = path + "[" + i + "]";
            checkKeys(tool, at, Set.of("name", "sha256"));
            var fingerprint = text(tool, at, "sha256");
            if (!fingerprint.isEmpty() && !FINGERPRINT.matcher(fingerprint).matches()) {
                problem(at + ".sha256", "expected 64 hexadecimal digits");
            }
            tools.add(new AllowedTool(text(tool, at, "name"), Optional.of(fingerprint)));
        }
        if (tools.isEmpty()) {
            problem(path, "expected a list of at least one tool");
        }
        return tools;
    }

    private Map<String, Secret> headers(JsonNode json, String path) {
        var headers = new HashMap<String, Secret>();
        if (!json.isMissingNode() && !json.isObject()) {
            problem(path, "expected headers, each with the variable that holds its value");
        }
        for (var header : json.properties()) {
            var variable = header.getValue().asText();
            var value = environment.getOrDefault(variable, "");
            if (value.isBlank()) {
                problem(path + "." + header.getKey(), "the variable " + variable + " is not set");
            }
            headers.put(header.getKey(), new Secret(value));
        }
        return headers;
    }

    private URI url(JsonNode json, String path) {
        var text = text(json, path, "url");
        try {
            var url = URI.create(text);
            boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (isHttp && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // reported below like any other address that does not fit
        }
        if (!text.isEmpty()) {
            problem(path + ".url", "expected an address such as https://mcp.example.com/mcp");
        }
        return PLACEHOLDER;
    }

    private List<String> texts(JsonNode list, String path) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        checkList(list, path);
        return texts;
    }

    /** Passed over, what is something else would look as if it held. */
    private void checkList(JsonNode list, String path) {
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            problem(path, "expected a list");
        }
    }

    private String text(JsonNode json, String path, String name) {
        var value = json.path(name);
        if (!value.isTextual() || value.textValue().isBlank()) {
            problem(path + "." + name, value.isMissingNode() ? "is missing" : "expected a text");
            return "";
        }
        return value.textValue();
    }

    private void checkKeys(JsonNode json, String path, Set<String> known) {
        if (!json.isObject()) {
            problem(path, "expected " + new TreeSet<>(known));
        }
        json.fieldNames()
                .forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        var expected = new TreeSet<>(known);
                        problem(path, "'" + name + "' is not known; expected " + expected);
                    }
                });
    }

    private void problem(String path, String text) {
        problems.add(file + ": " + path + ": " + text);
    }
}
