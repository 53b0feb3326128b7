// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import java.util.Optional;
import okhttp3.HttpUrl;

/** Where clients reach us, and where they read of a protected resource there (RFC 9728 3.1). */
public final class ProtectedResource {
    public static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    private final String origin;

    private ProtectedResource(String origin) {
        this.origin = origin;
    }

    /**
     * @param publicUrl of the gateway; nothing comes of one that is empty, as an unset vault
     *     reference is, or no address of scheme, host and port only
     */
    public static Optional<ProtectedResource> at(String publicUrl) {
        return Optional.ofNullable(HttpUrl.parse(publicUrl))
                .filter(url -> url.encodedPath().equals("/") && url.encodedQuery() == null)
                .map(HttpUrl::toString)
                .map(url -> new ProtectedResource(url.substring(0, url.length() - 1)));
    }

    /** The resource itself: what a token is meant for. */
    public String url(String path) {
        return origin + path;
    }

    public String metadata(String path) {
        return origin + WELL_KNOWN + path;
    }
}
