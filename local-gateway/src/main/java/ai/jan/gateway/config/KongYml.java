// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads a declarative kong.yml of format 3.0, as Kong does without a database. What it refuses is
 * noted in the {@link Problems} by the path of the field.
 */
public final class KongYml {
    private static final String PARSING = "failed parsing declarative configuration: ";

    private final Entities entities;
    private final Plugins plugins;
    private final Problems problems;
    private final Map<String, Service> services = new HashMap<>();
    private final Set<String> disabled = new HashSet<>();
    private final Map<String, Route> routes = new HashMap<>();
    private final Map<String, Consumer> consumers = new HashMap<>();
    private final List<Service> allServices = new ArrayList<>();
    private final List<Route> allRoutes = new ArrayList<>();
    private final List<Consumer> allConsumers = new ArrayList<>();
    private final List<Upstream> allUpstreams = new ArrayList<>();
    private final List<PluginEntity> allPlugins = new ArrayList<>();

    private KongYml(
            Map<String, PluginType> types, Map<String, String> environment, Problems problems) {
        this.problems = problems;
        this.entities = new Entities(System.currentTimeMillis() / 1000);
        this.plugins = new Plugins(types, new Vault(environment, problems));
    }

    /**
     * Reads a file.
     *
     * @param types the plugins that may be configured, by name
     * @param environment where {@code {vault://env/…}} references are looked up
     */
    public static Declaration read(
            Path file,
            Map<String, PluginType> types,
            Map<String, String> environment,
            Problems problems) {
        try {
            var options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            var text = Files.readString(file);
            Object document = new Yaml(new SafeConstructor(options)).load(text);
            if (!(document instanceof Map<?, ?> map)) {
                problems.add(file + ":1", PARSING + "expected an object");
                return Declaration.NONE;
            }
            var found = new Problems();
            var declaration =
                    new KongYml(types, environment, found).document(new Fields("", map, found));
            problems.addAll(found, new Lines(file, text)::locate);
            return declaration;
        } catch (IOException e) {
            problems.add(file.toString(), "cannot be read");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.add(file + ":" + line, PARSING + e.getProblem());
        } catch (YAMLException e) {
            problems.add(file.toString(), PARSING + e.getMessage());
        }
        return Declaration.NONE;
    }

    private Declaration document(Fields document) {
        version(document);
        document.flag("_transform", true);
        document.text("_comment");
        document.objects("services").forEach(this::service);
        document.objects("consumers").forEach(this::consumer);
        document.objects("routes").forEach(this::topLevelRoute);
        document.objects("plugins").forEach(this::topLevelPlugin);
        document.objects("upstreams").forEach(this::upstream);
        document.unsupported(
                "targets",
                "certificates",
                "ca_certificates",
                "snis",
                "vaults",
                "keys",
                "key_sets",
                "filter_chains",
                "consumer_groups",
                "keyauth_credentials",
                "jwt_secrets",
                "acls",
                "basicauth_credentials",
                "hmacauth_credentials",
                "oauth2_credentials");
        document.end();
        checkDuplicates();
        return new Declaration(allServices, allRoutes, allConsumers, allUpstreams, allPlugins);
    }

    private void version(Fields document) {
        switch (document.raw("_format_version")) {
            case null -> document.wrong("_format_version", "required field missing");
            case String version when version.equals("3.0") -> {}
            case String version when version.equals("1.1") || version.equals("2.1") ->
                    document.wrong("_format_version", "the stand-in only reads format 3.0");
            case String _ -> document.wrong("_format_version", "expected one of: 1.1, 2.1, 3.0");
            default -> document.wrong("_format_version", "expected a string");
        }
    }

    private void service(Fields fields) {
        boolean enabled = fields.flag("enabled", true);
        var service = entities.service(fields);
        if (!enabled) {
            disabled.add(service.id());
        }
        remember(fields, services, service.id(), service.name(), service);
        allServices.add(service);
        for (var nested : fields.objects("routes")) {
            route(nested, Optional.of(service));
        }
        scopedPlugins(
                fields,
                new PluginEntity.Scope(
                        Optional.empty(), Optional.of(service.id()), Optional.empty()));
        fields.end();
    }

    private void topLevelRoute(Fields fields) {
        route(fields, reference(fields, "service", services, "services"));
    }

    private void route(Fields fields, Optional<Service> service) {
        var route = entities.route(fields, service);
        remember(fields, routes, route.id(), route.name(), route);
        if (service.filter(owner -> disabled.contains(owner.id())).isEmpty()) {
            allRoutes.add(route);
        }
        scopedPlugins(
                fields,
                new PluginEntity.Scope(
                        Optional.of(route.id()), Optional.empty(), Optional.empty()));
        fields.end();
    }

    private void consumer(Fields fields) {
        var consumer = entities.consumer(fields);
        remember(fields, consumers, consumer.id(), consumer.username(), consumer);
        allConsumers.add(consumer);
        scopedPlugins(
                fields,
                new PluginEntity.Scope(
                        Optional.empty(), Optional.empty(), Optional.of(consumer.id())));
        fields.unsupported(
                "keyauth_credentials",
                "jwt_secrets",
                "acls",
                "basicauth_credentials",
                "hmacauth_credentials",
                "oauth2_credentials",
                "groups");
        fields.end();
    }

    private void upstream(Fields fields) {
        Upstream.read(fields, plugins.schema(problems))
                .ifPresent(upstream -> {
                    if (allUpstreams.stream().anyMatch(u -> u.name().equals(upstream.name()))) {
                        fields.wrong("name", Fields.duplicate("upstreams", upstream.name()));
                    }
                    allUpstreams.add(upstream);
                });
    }

    private void scopedPlugins(Fields owner, PluginEntity.Scope scope) {
        for (var fields : owner.objects("plugins")) {
            plugins.plugin(fields, scope).ifPresent(allPlugins::add);
            fields.end();
        }
    }

    private void topLevelPlugin(Fields fields) {
        var scope =
                new PluginEntity.Scope(
                        reference(fields, "route", routes, "routes").map(Route::id),
                        reference(fields, "service", services, "services").map(Service::id),
                        reference(fields, "consumer", consumers, "consumers").map(Consumer::id));
        plugins.plugin(fields, scope).ifPresent(allPlugins::add);
        fields.end();
    }

    private static <T> Optional<T> reference(
            Fields fields, String name, Map<String, T> known, String kind) {
        @Nullable Object value = fields.raw(name);
        if (value instanceof Map<?, ?> map) {
            value = map.get("id");
            if (value == null) {
                fields.wrong(name + ".id", "missing primary key");
                return Optional.empty();
            }
        }
        if (value == null) {
            return Optional.empty();
        }
        var found = Optional.ofNullable(known.get(String.valueOf(value)));
        if (found.isEmpty()) {
            fields.wrong(
                    name,
                    "invalid reference '%s: %s' (no such entry in '%s')"
                            .formatted(name, value, kind));
        }
        return found;
    }

    private static <T> void remember(
            Fields fields, Map<String, T> known, String id, String name, T entity) {
        if (!name.isEmpty() && known.putIfAbsent(name, entity) != null) {
            fields.wrong(
                    "name", "uniqueness violation: name set to '" + name + "' already declared");
        }
        if (known.putIfAbsent(id, entity) != null && fields.has("id")) {
            fields.wrong("id", "uniqueness violation: id '" + id + "' already declared");
        }
    }

    private void checkDuplicates() {
        var seen = new HashSet<String>();
        for (var plugin : allPlugins) {
            var key = plugin.name() + " " + plugin.scope();
            if (!seen.add(key)) {
                problems.add(
                        "plugins",
                        "uniqueness violation: plugin '"
                                + plugin.name()
                                + "' is configured twice for the same scope");
            }
        }
    }
}
