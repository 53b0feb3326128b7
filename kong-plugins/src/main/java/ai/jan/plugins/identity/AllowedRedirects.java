// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import java.util.List;
import okhttp3.HttpUrl;

/**
 * Where a browser may be sent after a login. An entry that ends with a slash allows all paths below
 * it, any other only itself; scheme, host and port must be equal.
 */
final class AllowedRedirects {
    private final List<HttpUrl> allowed;

    /**
     * @throws IllegalArgumentException if one is no http or https address
     */
    AllowedRedirects(List<String> allowed) {
        this.allowed = allowed.stream().map(AllowedRedirects::entry).toList();
    }

    private static HttpUrl entry(String text) {
        var url = HttpUrl.parse(text);
        if (url == null || url.encodedQuery() != null || url.encodedFragment() != null) {
            throw new IllegalArgumentException("login_redirects has no such entry: " + text);
        }
        return url;
    }

    /** Only what reads the same to everybody: no backslashes, no credentials, no dot segments. */
    boolean allows(String text) {
        var url = HttpUrl.parse(text);
        return url != null
                && url.toString().equals(text)
                && url.username().isEmpty()
                && url.password().isEmpty()
                && url.encodedFragment() == null
                && allowed.stream().anyMatch(entry -> covers(entry, url));
    }

    private static boolean covers(HttpUrl entry, HttpUrl url) {
        return entry.scheme().equals(url.scheme())
                && entry.host().equals(url.host())
                && entry.port() == url.port()
                && (entry.encodedPath().endsWith("/")
                        ? url.encodedPath().startsWith(entry.encodedPath())
                        : url.encodedPath().equals(entry.encodedPath()));
    }
}
