// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import java.net.IDN;
import java.util.List;
import java.util.Locale;
import okhttp3.HttpUrl;
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
        return domains.stream().map(DomainList::normalized).toList();
    }

    /** Whether all of these name something; left out, one that does not would allow everything. */
    static boolean areDomains(List<String> domains) {
        return normalized(domains).stream().noneMatch(String::isEmpty);
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

    /** As browsers and scrape read it; none if it is no web address. */
    private static @Nullable String host(String address) {
        var url = HttpUrl.parse(address);
        return url == null ? null : normalized(url.host());
    }

    private static String ascii(String domain) {
        try {
            return IDN.toASCII(domain);
        } catch (IllegalArgumentException e) {
            return domain; // no name of a host: nothing is below it
        }
    }
}
