// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.Problems;
import ai.jan.gateway.config.TrustedIps;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets addresses in or keeps them out; a denied one stays out although it is also allowed. */
final class IpRestriction implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "ip-restriction", "fields": [
              {"config": {"type": "record", "fields": [
                {"allow": {"type": "array", "elements": {"type": "string", "ip_or_cidr": true}}},
                {"deny": {"type": "array", "elements": {"type": "string", "ip_or_cidr": true}}},
                {"status": {"type": "number"}},
                {"message": {"type": "string"}}
              ],
              "entity_checks": [{"at_least_one_of": ["allow", "deny"]}]}}
            ]}\
            """;

    record Config(
            @Nullable List<String> allow,
            @Nullable List<String> deny,
            @Nullable Integer status,
            @Nullable String message) {}

    private final Config config;
    private final TrustedIps allowed;
    private final TrustedIps denied;

    private IpRestriction(Config config) {
        this.config = config;
        this.allowed = set(config.allow());
        this.denied = set(config.deny());
    }

    private static TrustedIps set(@Nullable List<String> ranges) {
        return TrustedIps.of(ranges == null ? List.of() : ranges, "config", new Problems());
    }

    static IpRestriction of(PluginEntity entity) throws JsonProcessingException {
        return new IpRestriction(Json.read(entity.config(), Config.class));
    }

    @Override
    public Optional<Answer> access(Exchange exchange) {
        var ip = exchange.forwarded().ip();
        boolean in = allowed.ranges().isEmpty() || allowed.contains(ip);
        if (in && !denied.contains(ip)) {
            return Optional.empty();
        }
        return Optional.of(
                new Answer.KongError(
                        config.status() == null ? 403 : config.status(),
                        config.message() == null
                                ? "IP address not allowed: " + ip
                                : config.message()));
    }
}
