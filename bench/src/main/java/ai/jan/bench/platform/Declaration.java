// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code kong.yml} for a measurement: every limit of every plan is there and is counted, but so
 * high that load does not reach it; plugins of ours that a {@link Chain} does not have are left
 * out.
 */
final class Declaration {
    /** The highest that jan-quota's schema takes. */
    private static final Map<String, Number> HIGHEST =
            Map.of(
                    "requests_per_minute", 1_000_000_000,
                    "requests_per_day", 1_000_000_000_000L,
                    "tokens_per_minute", 1_000_000_000,
                    "tokens_per_day", 1_000_000_000_000L,
                    "tokens_per_month", 1_000_000_000_000L,
                    "money_per_month", 100_000_000,
                    "concurrent_requests", 1_000_000);

    private static final String OURS = "jan-";

    private final Chain chain;
    private final URI model;

    private Declaration(Chain chain, URI model) {
        this.chain = chain;
        this.model = model;
    }

    /**
     * @param text of the {@code kong.yml} that installations use
     * @param model of the mock, without a path: what is behind a gateway without llm-api-lite
     */
    static String of(String text, Chain chain, URI model) {
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Map<String, Object> document = yaml.load(text);
        new Declaration(chain, model).change(document);
        return yaml.dump(document);
    }

    private void change(Map<String, Object> document) {
        plugins(document);
        objects(document.get("routes")).forEach(this::plugins);
        for (var service : objects(document.get("services"))) {
            plugins(service);
            objects(service.get("routes")).forEach(this::plugins);
            if (!chain.hasService() && "llm-api-lite".equals(service.get("name"))) {
                service.put("url", model.resolve("/v1").toString());
            }
        }
    }

    private void plugins(Map<String, Object> owner) {
        if (!(owner.get("plugins") instanceof List<?> plugins)) {
            return;
        }
        plugins.removeIf(plugin -> {
            var name = String.valueOf(object(plugin).get("name"));
            return name.startsWith(OURS) && !chain.plugins().contains(name);
        });
        for (var plugin : objects(plugins)) {
            if ("jan-quota".equals(plugin.get("name"))) {
                var plans = object(object(plugin.get("config")).get("plans"));
                plans.values().forEach(plan -> raise(object(plan)));
            }
        }
    }

    private static void raise(Map<String, Object> limits) {
        for (var limit : limits.entrySet()) {
            if (limit.getValue() instanceof Map<?, ?> deeper) {
                raise(object(deeper));
            } else if (limit.getValue() instanceof Number) {
                var highest = HIGHEST.get(limit.getKey());
                if (highest == null) {
                    throw new IllegalArgumentException(
                            "kong.yml has a limit that is not known here: " + limit.getKey());
                }
                limit.setValue(highest);
            }
        }
    }

    private static List<Map<String, Object>> objects(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream().map(Declaration::object).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked") // keys of kong.yml are texts; others would fail as they are read
    private static Map<String, Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("kong.yml: expected an object, not " + value);
    }
}
