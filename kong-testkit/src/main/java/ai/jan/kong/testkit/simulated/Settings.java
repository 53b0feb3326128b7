// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.Struct;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What does not change from request to request.
 *
 * @param upstreams addresses by the names of upstream entities
 * @param bodyBuffer {@code client_body_buffer_size} in bytes
 * @param bodies where bodies are kept that do not fit
 */
record Settings(
        Optional<Struct> route,
        Optional<Struct> service,
        List<Struct> consumers,
        Optional<Struct> consumer,
        Optional<Struct> credential,
        Map<String, String> upstreams,
        TrustedProxies trusted,
        int port,
        int tlsPort,
        int bodyBuffer,
        Path bodies,
        String nodeId) {}
