// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import ai.jan.kit.metrics.AuthMetrics.KeySet;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * The providers of this process, by the address of their keys. A provider's keys outlive the
 * configuration that first named it, so that a configuration can be loaded anew while the provider
 * is down. Thread-safe.
 */
public final class Providers {
    private final OkHttpClient http;
    private final InstantSource clock;
    private final Map<HttpUrl, ProviderKeys> keys = new ConcurrentHashMap<>();

    public Providers(OkHttpClient http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
    }

    /** The keys published at an address; they are being fetched when this returns. */
    public ProviderKeys keysAt(HttpUrl address) {
        var provider =
                keys.computeIfAbsent(
                        address,
                        _ ->
                                new ProviderKeys(
                                        address.host(), new HttpFetchKeys(http, address), clock));
        provider.prepare();
        return provider;
    }

    /** How the keys of each provider are; a host with several counts as its worst. */
    public List<KeySet> keySets() {
        return List.copyOf(
                keys.values().stream()
                        .map(ProviderKeys::state)
                        .collect(Collectors.toMap(KeySet::provider, set -> set, KeySet::and))
                        .values());
    }
}
