// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.config.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * One entry of the backends file.
 *
 * @param url the base of its OpenAI API, as an OpenAI client is given it, such as {@code
 *     http://127.0.0.1:8101/v1}
 * @param apiKey sent as a bearer token
 * @param capacity how much it is given to do
 */
public record BackendConfig(
        String name,
        URI url,
        Optional<Secret> apiKey,
        List<ServedModel> models,
        Deadlines deadlines,
        Capacity capacity) {
    public BackendConfig {
        models = List.copyOf(models);
    }

    public BackendConfig(
            String name,
            URI url,
            Optional<Secret> apiKey,
            List<ServedModel> models,
            Deadlines deadlines) {
        this(name, url, apiKey, models, deadlines, Capacity.DEFAULT);
    }
}
