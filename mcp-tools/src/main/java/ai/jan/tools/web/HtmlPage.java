// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/**
 * A page as a tree. A tree is many times as large as its page, and some trees take a time that
 * grows with the square of their size, so only so many tags are looked at.
 *
 * @param isWhole whether those were all
 */
record HtmlPage(Document document, boolean isWhole) {
    static final int MAX_TAGS = 50_000;
    private static final int MAX_BASE = 2_048;

    static HtmlPage parse(ByteString body, @Nullable Charset charset, HttpUrl url)
            throws IOException {
        var bytes = body.toByteArray();
        int length = looked(bytes);
        var document =
                Jsoup.parse(
                        new ByteArrayInputStream(bytes, 0, length),
                        charset == null ? null : charset.name(),
                        url.toString());
        if (document.baseUri().length() > MAX_BASE) {
            document.setBaseUri(url.toString()); // a long one would be in front of every link
        }
        return new HtmlPage(document, length == bytes.length);
    }

    /** How many bytes there are before there are too many tags. */
    private static int looked(byte[] page) {
        int tags = 0;
        for (int i = 0; i < page.length; i++) {
            if (page[i] == '<' && ++tags > MAX_TAGS) {
                return i;
            }
        }
        return page.length;
    }
}
