// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.stack.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The services that {@code kong.yml} names with their usual ports. Where another port is in use, a
 * copy of the file with that port is used instead; nothing else is changed, comments included.
 */
public final class ServiceAddresses {
    private static final String COPY = "kong.yml";

    private final Ports ports;

    public ServiceAddresses(Ports ports) {
        this.ports = ports;
    }

    /** Whether a copy is needed. */
    public boolean areChanged() {
        return isChanged(Ports.Service.LLM_API) || isChanged(Ports.Service.MCP_TOOLS);
    }

    /**
     * @param folder where a copy goes
     * @return the file itself, or the copy
     */
    public Path applyTo(Path declaration, Path folder) throws IOException {
        var copy = folder.resolve(COPY);
        if (!areChanged()) {
            Files.deleteIfExists(copy);
            return declaration;
        }
        var text = Files.readString(declaration);
        text = changed(text, "llm-api-lite", Ports.Service.LLM_API);
        text = changed(text, "mcp-tools", Ports.Service.MCP_TOOLS);
        return Files.writeString(copy, text);
    }

    private String changed(String text, String host, Ports.Service service) {
        return text.replaceAll(
                "\\b" + host + ":" + service.usual() + "\\b", host + ":" + ports.of(service));
    }

    private boolean isChanged(Ports.Service service) {
        return ports.of(service) != service.usual();
    }
}
