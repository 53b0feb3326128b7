// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.guests;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentitySigner;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Has llm-api-lite erase what it keeps for a guest: in the guest's own name, as he could himself.
 */
public final class EraseConversations implements EraseOwned {
    private static final String GUEST = "guest";

    private final OkHttpClient http;
    private final HttpUrl data;
    private final IdentitySigner signer;

    /**
     * @param service the address of llm-api-lite
     * @param signer whose identities it accepts
     */
    public EraseConversations(OkHttpClient http, URI service, IdentitySigner signer) {
        this.http = http;
        this.data =
                HttpUrl.get(service.toString())
                        .newBuilder()
                        .addPathSegments("v1/user/data")
                        .build();
        this.signer = signer;
    }

    @Override
    public void erase(String subject) throws IOException {
        var guest =
                new Identity(
                        subject,
                        Identity.Method.JWT,
                        Set.of(GUEST),
                        Set.of(),
                        GUEST,
                        null,
                        null,
                        UUID.randomUUID().toString());
        var request =
                new Request.Builder()
                        .url(data)
                        .header(Identity.HEADER, signer.sign(guest))
                        .delete()
                        .build();
        try (var response = http.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("llm-api-lite answered " + response.code());
            }
        }
    }
}
