// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import java.time.Duration;
import okhttp3.OkHttpClient;

/** How the plugins ask the identity provider: never long, and never another address than asked. */
public final class Http {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration WHOLE_CALL = Duration.ofMillis(1500);

    private Http() {}

    public static OkHttpClient client() {
        return new OkHttpClient.Builder()
                .connectTimeout(CONNECT)
                .readTimeout(WHOLE_CALL)
                .writeTimeout(WHOLE_CALL)
                .callTimeout(WHOLE_CALL)
                .followRedirects(false)
                .followSslRedirects(false)
                .build();
    }
}
