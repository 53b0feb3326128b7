// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.dist.Distributions;
import ai.jan.stack.process.ProcessRecords;
import ai.jan.stack.process.Supervisor;
import ai.jan.stack.service.Backends;
import ai.jan.stack.service.Gateway;
import ai.jan.stack.service.JavaCommand;
import ai.jan.stack.service.LlmApi;
import ai.jan.stack.service.McpTools;
import ai.jan.stack.service.PluginServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Future;

/**
 * The platform as separate processes: starts what is independent side by side, says when a chat
 * works, adds Keycloak afterwards, and writes {@code stack.json} when all is there.
 */
final class Stack implements AutoCloseable {
    private static final Duration LEFTOVERS = Duration.ofSeconds(10);

    private final Repository repository;
    private final StackSettings settings;
    private final Terminal terminal;
    private final ProcessRecords records;
    private final Supervisor supervisor;
    private final SocketFolder socketFolder;
    private final Path description;
    private final Steps steps = new Steps();

    Stack(Repository repository, StackSettings settings, Terminal terminal) throws IOException {
        this.repository = repository;
        this.settings = settings;
        this.terminal = terminal;
        var home = settings.home();
        this.records = new ProcessRecords(home.resolve("pids"));
        this.supervisor = new Supervisor(home.resolve("logs"), terminal, records);
        this.socketFolder = SocketFolder.in(home);
        this.description = home.resolve("stack.json");
    }

    /** Returns when a chat works; Keycloak follows in the background. */
    void start() throws IOException, InterruptedException {
        Files.deleteIfExists(description);
        for (var name : records.endLeftovers(LEFTOVERS)) {
            terminal.say("ended " + name + ", left over from a run that was killed");
        }
        var run = run(settings.ports().claimed(listeners()));
        var keycloak = new KeycloakStep(run);
        var fetched = settings.keycloak() ? steps.begin(keycloak::fetch) : null;
        var addresses = startChat(run);
        terminal.say("chat is ready");
        terminal.print(addresses.table());
        if (fetched == null) {
            describe(addresses);
        } else {
            steps.follow(() -> addKeycloak(keycloak, fetched, addresses));
        }
    }

    private JavaCommand java(String module) {
        return new JavaCommand(repository.jar(module), settings.jvm());
    }

    private Addresses startChat(Run run) throws IOException, InterruptedException {
        var home = run.home();
        int databasePort = run.port(Ports.Service.DATABASE);
        var llmApi =
                new LlmApi(
                        java(LlmApi.NAME),
                        home,
                        settings.llmApi(),
                        run.port(Ports.Service.LLM_API),
                        run.port(Ports.Service.LLM_API_METRICS),
                        databasePort,
                        run.secrets());
        var plugins =
                new PluginServer(
                        java(PluginServer.NAME),
                        home,
                        run.socket(),
                        run.port(Ports.Service.PLUGINS_METRICS),
                        databasePort,
                        URI.create("http://127.0.0.1:" + run.port(Ports.Service.LLM_API)),
                        settings.keycloak()
                                ? OptionalInt.of(run.port(Ports.Service.KEYCLOAK))
                                : OptionalInt.empty(),
                        run.secrets());
        var gateway =
                new Gateway(
                        repository,
                        settings.jvm(),
                        settings.declaration().orElseGet(() -> repository.file("kong.yml")),
                        home,
                        run.ports(),
                        run.socket(),
                        settings.kong());
        gateway.peculiarities().forEach(terminal::say);

        var model = steps.begin(new ModelStep(run)::start);
        var database = new DatabaseStep(run, llmApi);
        database.start();
        var mcpTools =
                new McpTools(
                        java(McpTools.NAME),
                        home,
                        run.port(Ports.Service.MCP_TOOLS),
                        run.port(Ports.Service.MCP_TOOLS_METRICS),
                        databasePort,
                        run.secrets(),
                        settings.tools());
        var toolsStarted = steps.begin(() -> run.start(mcpTools.launch()));
        var pluginsStarted = steps.begin(() -> run.start(plugins.launch()));
        var gatewayStarted = steps.begin(() -> run.start(gateway.launch()));
        var apiKey = steps.begin(() -> database.apiKey(plugins));
        var served = Steps.await(model);
        run.start(
                llmApi.launch(
                        Backends.write(
                                home.resolve("backends.yml"),
                                served.base(),
                                served.models(),
                                settings.llmApi().requests())));
        Steps.await(pluginsStarted);
        Steps.await(gatewayStarted);
        Steps.await(toolsStarted);
        gateway.awaitAnswer(Steps.await(apiKey));
        return new Addresses(run, served, Steps.await(apiKey));
    }

    private void addKeycloak(KeycloakStep keycloak, Future<Path> fetched, Addresses addresses) {
        try {
            keycloak.start(Steps.await(fetched));
            describe(addresses);
            terminal.say("all is ready; this is also in " + description + ". Ctrl-C stops it.");
        } catch (ProcessFailure | IOException e) {
            terminal.say("no Keycloak (API keys work without it): " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the stack is being stopped
        }
    }

    private void describe(Addresses addresses) throws IOException {
        var file = new StackFile(description, addresses.byName());
        supervisor.onChange(() -> rewrite(file));
        file.write(supervisor.pids());
    }

    private void rewrite(StackFile file) {
        try {
            file.write(supervisor.pids());
        } catch (IOException e) {
            terminal.say("cannot write " + description + ": " + e.getMessage());
        }
    }

    private Run run(Ports ports) throws IOException {
        return new Run(
                repository,
                settings,
                ports,
                socketFolder.socket(),
                new Secrets(settings.home().resolve("secrets.properties")),
                terminal,
                supervisor,
                new Distributions(
                        settings.distributions(),
                        repository.root(),
                        settings.maven(),
                        terminal,
                        supervisor));
    }

    private Set<Ports.Service> listeners() {
        var listeners = EnumSet.allOf(Ports.Service.class);
        if (!settings.keycloak()) {
            listeners.remove(Ports.Service.KEYCLOAK);
            listeners.remove(Ports.Service.KEYCLOAK_MANAGEMENT);
        }
        if (settings.model() instanceof StackSettings.ModelChoice.Backend) {
            listeners.remove(Ports.Service.MODEL);
        }
        return listeners;
    }

    @Override
    public void close() throws IOException {
        boolean isRunning = !supervisor.pids().isEmpty();
        if (isRunning) {
            terminal.say("stopping");
        }
        Files.deleteIfExists(description);
        steps.close();
        supervisor.onChange(() -> {});
        supervisor.close();
        Files.deleteIfExists(description); // if it was being written at that moment
        socketFolder.close();
        if (isRunning) {
            terminal.say("stopped");
        }
    }
}
