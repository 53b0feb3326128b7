// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.platform.Target;
import java.nio.charset.StandardCharsets;

/**
 * A request that is the same for every target.
 *
 * @param path behind the target's
 * @param json its body
 * @param mark what stands in each good answer, in ASCII
 */
public record Post(String path, String json, String mark) implements Request {
    @Override
    public byte[] body(Target target) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
