// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which results may be given out: those whose host is one of these domains or below one. Engines
 * are only asked to keep to them; this makes sure.
 */
record DomainList(List<String> domains) {
    DomainList {
        domains = List.copyOf(normalized(domains));
    }

    /** As they are compared: lower case, ASCII, without {@code *.} and dots around. */
    static List<String> normalized(List<String> domains) {
        return domains.stream().map(DomainList::normalized).filter(d -> !d.isEmpty()).toList();
    }

    /**
     * Whether a result of this address may be given out; an empty list allows every web address.
     */
    boolean allows(String address) {
        var host = host(address);
        return host != null
                && (domains.isEmpty()
                        || domains.stream()
                                .anyMatch(d -> host.equals(d) || host.endsWith("." + d)));
    }

    private static String normalized(String domain) {
        var bare = domain.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", "");
        return ascii(bare.replaceFirst("\\.$", ""));
    }

    private static @Nullable String host(String address) {
        try {
            var url = new URI(address);
            var isWeb = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return isWeb && url.getHost() != null ? normalized(url.getHost()) : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String ascii(String domain) {
        try {
            return IDN.toASCII(domain);
        } catch (IllegalArgumentException e) {
            return domain; // no name of a host: nothing is below it
        }
    }
}
