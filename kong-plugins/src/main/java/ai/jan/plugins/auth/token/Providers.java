// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth.token;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
}
