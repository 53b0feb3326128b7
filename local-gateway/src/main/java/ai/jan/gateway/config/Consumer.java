// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.List;

/** A consumer of kong.yml; one of the names may be empty. */
public record Consumer(
        String id, String username, String customId, List<String> tags, long createdAt) {}
