// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.config.Settings;
import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.service.JavaCommand;
import ai.jan.stack.service.LlmApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the user of {@code make run} may choose, all by environment variables.
 *
 * @param home the folder of everything a run leaves behind
 * @param distributions the folder of unpacked downloads; may be shared
 * @param declaration another {@code kong.yml} than the repository's
 * @param jvm options of the JVMs besides the heap
 * @param ports where to listen
 * @param keycloak whether Keycloak is part of it
 * @param model which model answers
 * @param kong the real Kong, if it is to be used
 * @param databaseLibraries that PostgreSQL loads at its start, with commas
 * @param llmApi how much llm-api-lite is made for
 * @param tools settings of single tools of mcp-tools, passed on as they are
 * @param maven the command that runs Maven
 */
public record StackSettings(
        Path home,
        Path distributions,
        Optional<Path> declaration,
        List<String> jvm,
        Ports ports,
        boolean keycloak,
        ModelChoice model,
        Optional<Path> kong,
        String databaseLibraries,
        LlmApi.Size llmApi,
        Map<String, String> tools,
        List<String> maven) {
    private static final List<String> TOOLS =
            List.of(
                    "JAN_EMBEDDINGS_API_KEY",
                    "JAN_EMBEDDINGS_MODEL",
                    "JAN_EMBEDDINGS_URL",
                    "JAN_SANDBOX_APPROVED_ROLES",
                    "JAN_SANDBOX_RUNS_PER_MINUTE",
                    "JAN_SANDBOX_URL",
                    "JAN_SCRAPE",
                    "JAN_SCRAPE_ROBOTS",
                    "JAN_SEARCH_DOMAINS",
                    "JAN_SEARCH_ENGINES",
                    "JAN_SEARCH_OFFLINE",
                    "JAN_SEARXNG_URL",
                    "JAN_SERPER_API_KEY",
                    "JAN_SERPER_URL",
                    "JAN_TOOLS_FILE");

    private static final int LEAST_HEAP_MEGABYTES = 64;
    private static final int MOST_HEAP_MEGABYTES = 1024 * 1024;
    private static final int MOST_REQUESTS = 100_000; // as the file of backends allows

    /** Which model answers. */
    public sealed interface ModelChoice {
        /** The small real model where it can be had, else the scripted one. */
        record Automatic() implements ModelChoice {}

        /** The scripted model. */
        record Scripted() implements ModelChoice {}

        /** A GGUF of the user's. */
        record File(Path gguf) implements ModelChoice {}

        /** A model server that runs already. */
        record Backend(URI url) implements ModelChoice {}
    }

    /**
     * @param repository the folder of {@code kong.yml}
     * @throws ai.jan.kit.config.InvalidSettings with everything that is wrong
     */
    static StackSettings from(Map<String, String> environment, Path repository) {
        var settings = new Settings(environment);
        var home = path(repository, settings.textOr("JAN_HOME", ".jan"));
        var result =
                new StackSettings(
                        home,
                        path(
                                repository,
                                settings.textOr("JAN_DIST", home.resolve("dist").toString())),
                        declaration(settings, repository),
                        jvm(settings, repository),
                        Ports.from(settings),
                        isOn(settings.textOr("JAN_KEYCLOAK", "on")),
                        model(settings),
                        kong(environment),
                        settings.textOr("JAN_DATABASE_LIBRARIES", ""),
                        llmApi(settings),
                        tools(settings),
                        List.of(settings.textOr("JAN_MVN", "mvn -B").strip().split("\\s+")));
        settings.check(Set.of("JAN_STOP_ON_STDIN_EOF"));
        return result;
    }

    private static List<String> jvm(Settings settings, Path repository) {
        return switch (settings.textOr("JAN_JVM", "quick")) {
            case "quick" -> JavaCommand.QUICK;
            case "images" -> optionsOfImages(repository.resolve("images/java.options"));
            case String other ->
                    throw ProcessFailure.configuration(
                            List.of("JAN_JVM is '" + other + "'; expected quick or images"));
        };
    }

    /** Without the share of a container's memory, since there is no container. */
    private static List<String> optionsOfImages(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !line.contains("RAMPercentage")).toList();
        } catch (IOException e) {
            throw ProcessFailure.unavailable("cannot be read: " + file);
        }
    }

    private static LlmApi.Size llmApi(Settings settings) {
        var usual = LlmApi.Size.USUAL;
        return new LlmApi.Size(
                settings.number(
                        "JAN_LLM_API_HEAP_MEGABYTES",
                        usual.heapMegabytes(),
                        LEAST_HEAP_MEGABYTES,
                        MOST_HEAP_MEGABYTES),
                settings.number("JAN_HTTP_MAX_REQUESTS", usual.requests(), 1, MOST_REQUESTS));
    }

    private static Map<String, String> tools(Settings settings) {
        var tools = new HashMap<String, String>();
        for (var name : TOOLS) {
            settings.optionalText(name).ifPresent(value -> tools.put(name, value));
        }
        return tools;
    }

    private static Path path(Path repository, String text) {
        return repository.resolve(text).toAbsolutePath().normalize();
    }

    private static Optional<Path> declaration(Settings settings, Path repository) {
        var file = settings.optionalText("JAN_KONG_YML").map(text -> path(repository, text));
        file.filter(named -> !Files.isReadable(named))
                .ifPresent(named -> {
                    throw ProcessFailure.configuration(
                            List.of("JAN_KONG_YML names a file that cannot be read: " + named));
                });
        return file;
    }

    private static boolean isOn(String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default ->
                    throw ProcessFailure.configuration(
                            List.of("JAN_KEYCLOAK is '" + text + "'; expected on or off"));
        };
    }

    private static ModelChoice model(Settings settings) {
        var file = settings.optionalText("JAN_MODEL_FILE");
        var kind = settings.textOr("JAN_MODEL", "auto");
        var backend = settings.optionalText("JAN_VLLM_URL");
        if (backend.isPresent()) {
            return new ModelChoice.Backend(
                    settings.url("JAN_VLLM_URL", "http://127.0.0.1:8101/v1"));
        }
        if (file.isPresent()) {
            var gguf = Path.of(file.get()).toAbsolutePath();
            if (!Files.isReadable(gguf)) {
                throw ProcessFailure.configuration(
                        List.of("JAN_MODEL_FILE names a file that cannot be read: " + gguf));
            }
            return new ModelChoice.File(gguf);
        }
        return switch (kind) {
            case "auto" -> new ModelChoice.Automatic();
            case "scripted" -> new ModelChoice.Scripted();
            default ->
                    throw ProcessFailure.configuration(
                            List.of("JAN_MODEL is '" + kind + "'; expected auto or scripted"));
        };
    }

    private static Optional<Path> kong(Map<String, String> environment) {
        var named =
                Optional.ofNullable(environment.get("KONG_BIN")).filter(text -> !text.isBlank());
        if (named.isPresent() && !Files.isExecutable(Path.of(named.get()))) {
            throw ProcessFailure.configuration(
                    List.of("KONG_BIN names no program that can be run: " + named.get()));
        }
        return named.map(Path::of).or(() -> Programs.onPath("kong", environment));
    }
}
