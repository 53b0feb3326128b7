// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.bridge;

import ai.jan.kit.config.Secret;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Another MCP server, as the operator declares it.
 *
 * @param name in front of its tools' names
 * @param url where it speaks streamable HTTP
 * @param tools the ones that are offered
 * @param headers sent with every request: its own credentials, never a caller's
 */
public record UpstreamConfig(
        String name, URI url, List<AllowedTool> tools, Map<String, Secret> headers) {
    /**
     * One tool.
     *
     * @param fingerprint of the definition that the operator has read; without one, the definition
     *     that this process sees first counts as read
     */
    public record AllowedTool(String name, Optional<String> fingerprint) {}

    public UpstreamConfig {
        tools = List.copyOf(tools);
        headers = Map.copyOf(headers);
    }
}
