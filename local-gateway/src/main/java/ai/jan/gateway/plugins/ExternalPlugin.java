// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.PluginType;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PdkHost;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A plugin in a plugin server, with one configuration. Thread-safe. */
final class ExternalPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalPlugin.class);

    private final PluginType.External type;
    private final KongWorker worker;
    private final KongPdk pdk;
    private final ai.jan.kong.testkit.PluginEntity entity;

    /**
     * @param seq differs for each loaded configuration
     */
    ExternalPlugin(
            PluginType.External type,
            PluginEntity entity,
            KongWorker worker,
            KongPdk pdk,
            long seq) {
        this.type = type;
        this.worker = worker;
        this.pdk = pdk;
        var config = entity.config().deepCopy();
        entity.instanceName().ifPresent(name -> config.put("plugin_instance_name", name));
        if (!entity.references().isEmpty()) {
            var references = config.putObject("$refs");
            entity.references().forEach(references::put);
        }
        this.entity =
                new ai.jan.kong.testkit.PluginEntity(
                        entity.id(),
                        entity.name(),
                        config,
                        seq,
                        entity.scope().route(),
                        entity.scope().service(),
                        entity.scope().consumer());
    }

    boolean takesPart(Phase phase) {
        return type.phases().contains(phase.wireName());
    }

    /** Runs a phase; a plugin that fails is an answer too, so that nothing passes by accident. */
    Optional<Answer> run(Phase phase, Exchange exchange) throws InterruptedException {
        PdkHost host = pdk.bind(exchange);
        return switch (worker.run(entity, phase, host)) {
            case EventOutcome.Completed _ -> Optional.empty();
            case EventOutcome.Failed(var reason) -> {
                LOG.warn("plugin {} failed in {}: {}", type.name(), phase.wireName(), reason);
                yield Optional.of(Answer.failure());
            }
            case EventOutcome.Exited exited -> {
                var headers = new Headers();
                exited.headers()
                        .forEach((name, values) -> {
                            exchange.response().remove(name);
                            values.forEach(value -> headers.add(name, Texts.bytes(value)));
                        });
                if (!headers.has("Content-Length")) {
                    headers.add("Content-Length", Integer.toString(exited.body().length()));
                }
                yield Optional.of(
                        new Answer.Exit(exited.status(), headers, exited.body().toArray()));
            }
        };
    }
}
