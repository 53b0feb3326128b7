// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.List;

/**
 * A service of kong.yml.
 *
 * @param protocol {@code http} or {@code https}
 * @param path begins with a slash; empty if none was given
 * @param connectTimeout milliseconds, as the other two
 * @param createdAt seconds
 */
public record Service(
        String id,
        String name,
        String protocol,
        String host,
        int port,
        String path,
        int retries,
        int connectTimeout,
        int writeTimeout,
        int readTimeout,
        List<String> tags,
        long createdAt) {}
