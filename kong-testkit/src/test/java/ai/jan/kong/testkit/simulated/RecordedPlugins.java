// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PdkHost;
import ai.jan.kong.testkit.PluginEntity;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The plugins of a recorded conversation, as one worker had them configured. */
record RecordedPlugins(RecordedConversation conversation, List<Configured> all) {
    private static final Set<String> BOOKKEEPING =
            Set.of(
                    "__plugin_id",
                    "__seq__",
                    "__key__",
                    "__ws_id",
                    "route_id",
                    "service_id",
                    "consumer_id");

    /** The recorder's two plugins; another one takes part where it was seen. */
    private static final Map<String, Set<Phase>> KNOWN =
            Map.of(
                    "rec",
                    EnumSet.of(Phase.REWRITE, Phase.ACCESS, Phase.RESPONSE, Phase.LOG),
                    "recn",
                    EnumSet.of(Phase.REWRITE, Phase.ACCESS, Phase.LOG));

    /** What all conversations have that do not tell of another configuration. */
    private static final String USUAL =
            """
            {"services": [{"name": "svc", "url": "http://127.0.0.1:29101",
              "routes": [{"name": "r", "paths": ["/ctx"]}]}],
             "plugins": [{"name": "rec"}]}
            """;

    /**
     * A plugin.
     *
     * @param before the id of its instance from before the record, of the same configuration or, if
     *     the record begins with a new one, of an older one
     */
    record Configured(
            PluginEntity entity,
            Set<Phase> phases,
            int events,
            OptionalInt before,
            boolean changed) {}

    static RecordedPlugins of(
            RecordedConversation conversation, List<RecordedConversation.Exchange> exchanges) {
        var plugins = new ArrayList<Configured>();
        var seen = new HashSet<String>();
        for (int i = 0; i < exchanges.size(); i++) {
            switch (exchanges.get(i).command()) {
                case CmdStartInstance start -> {
                    if (seen.add(start.name())) {
                        plugins.add(started(exchanges, i, start));
                    }
                }
                case CmdHandleEvent event -> {
                    if (seen.isEmpty()) { // from before the record, and only one is needed there
                        var entity = entityOf(exchanges);
                        seen.add(entity.name());
                        plugins.add(
                                configured(
                                        exchanges,
                                        entity,
                                        OptionalInt.of(event.instanceId()),
                                        false));
                    }
                }
                default -> {}
            }
        }
        return new RecordedPlugins(conversation, List.copyOf(plugins));
    }

    /** A plugin whose instance is started; that of an older configuration is closed next. */
    private static Configured started(
            List<RecordedConversation.Exchange> exchanges, int at, CmdStartInstance start) {
        var next = at + 1 < exchanges.size() ? exchanges.get(at + 1).command() : start;
        var before =
                next instanceof CmdCloseInstance(int id) ? OptionalInt.of(id) : OptionalInt.empty();
        return configured(exchanges, entity(start), before, true);
    }

    private static Configured configured(
            List<RecordedConversation.Exchange> exchanges,
            PluginEntity entity,
            OptionalInt before,
            boolean changed) {
        var ids = new HashSet<Integer>();
        before.ifPresent(ids::add);
        for (var exchange : exchanges) {
            if (exchange.command() instanceof CmdStartInstance start
                    && start.name().equals(entity.name())) {
                exchange.started().ifPresent(ids::add);
            }
        }
        var phases = EnumSet.noneOf(Phase.class);
        int last = 0;
        for (var exchange : exchanges) {
            if (exchange.command() instanceof CmdHandleEvent(int id, var phase)
                    && ids.contains(id)) {
                phases.add(Phase.of(phase).orElseThrow());
                last += phase.equals("log") ? 1 : 0;
            }
        }
        if (entity.routeId().isEmpty() && entity.serviceId().isEmpty()) { // else not in rewrite
            phases.addAll(KNOWN.getOrDefault(entity.name(), Set.of()));
        }
        return new Configured(entity, phases, last, before, changed);
    }

    /** The one that the record starts at some time, or one that nothing is known of. */
    private static PluginEntity entityOf(List<RecordedConversation.Exchange> exchanges) {
        return exchanges.stream()
                .filter(exchange -> exchange.command() instanceof CmdStartInstance)
                .map(exchange -> entity((CmdStartInstance) exchange.command()))
                .findFirst()
                .orElseGet(() ->
                        PluginEntity.global(
                                "cccccccc-0000-4000-8000-000000000090",
                                rewrites(exchanges) ? "rec" : "other",
                                JsonNodeFactory.instance.objectNode(),
                                1));
    }

    private static boolean rewrites(List<RecordedConversation.Exchange> exchanges) {
        return exchanges.stream()
                .anyMatch(exchange ->
                        exchange.command() instanceof CmdHandleEvent(int _, var phase)
                                && phase.equals("rewrite"));
    }

    private static PluginEntity entity(CmdStartInstance start) {
        try {
            var json = (ObjectNode) Golden.MAPPER.readTree(start.config().utf8());
            var config = json.deepCopy();
            config.remove(BOOKKEEPING);
            return new PluginEntity(
                    json.path("__plugin_id").asText(),
                    start.name(),
                    config,
                    json.path("__seq__").asLong(),
                    text(json, "route_id"),
                    text(json, "service_id"),
                    text(json, "consumer_id"));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<String> text(JsonNode json, String field) {
        return Optional.ofNullable(json.path(field).textValue());
    }

    /** How many requests went through all of them. */
    int requests() {
        return all.stream().mapToInt(Configured::events).max().orElse(0);
    }

    /** Starts what there was before the record. */
    void startBefore(RecordedPluginServer server, KongWorker worker) throws InterruptedException {
        PdkHost silent =
                (method, _) -> {
                    throw new AssertionError(method.name());
                };
        for (var plugin : all) {
            if (conversation.beginsWithAStuckStart()) {
                server.startsBefore(OptionalInt.empty());
                worker.run(plugin.entity(), Phase.REWRITE, silent);
                // log of that request, which waits for the instance as the next request does
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                worker.run(plugin.entity(), Phase.LOG, silent);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
                Thread.sleep(200);
            } else if (plugin.before().isPresent()) {
                var entity = plugin.entity();
                server.startsBefore(plugin.before());
                worker.run(
                        plugin.changed() ? entity.changed(entity.config(), -1) : entity,
                        Phase.LOG,
                        silent);
            }
        }
    }

    /** Kong with the route and the service of the conversation. */
    static SimulatedKong.Builder kong(RecordedConversation conversation) {
        var record = JsonNodeFactory.instance.objectNode();
        record.set("config", config(conversation));
        record.put("request_line", "GET " + target(conversation) + " HTTP/1.1");
        return new RecordedContext(record).kongWithoutPlugin();
    }

    private static JsonNode config(RecordedConversation conversation) {
        try {
            return conversation.record().has("config")
                    ? conversation.record().path("config")
                    : Golden.MAPPER.readTree(USUAL);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(RecordedConversation conversation) {
        return conversation.status().orElse(0) == 404 ? "/none" : "/ctx/a?x=1";
    }

    /** What the recorder sent each time. */
    static SimulatedRequest request(RecordedConversation conversation) {
        return SimulatedRequest.get(target(conversation))
                .withHeader("Host", "gw.test")
                .withHeader("X-A", "1")
                .withHeader("User-Agent", "g");
    }
}
