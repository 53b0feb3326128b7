// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A route of kong.yml.
 *
 * @param paths prefixes, or regular expressions if they begin with {@code ~}
 * @param headers by lower-case name, the values of which one must be sent
 * @param createdAt seconds; of two routes that match equally well the older one wins
 */
public record Route(
        String id,
        String name,
        Optional<Service> service,
        List<String> protocols,
        List<String> methods,
        List<String> hosts,
        List<String> paths,
        Map<String, List<String>> headers,
        boolean stripPath,
        boolean preserveHost,
        int regexPriority,
        boolean requestBuffering,
        boolean responseBuffering,
        int httpsRedirectStatusCode,
        List<String> tags,
        long createdAt) {}
