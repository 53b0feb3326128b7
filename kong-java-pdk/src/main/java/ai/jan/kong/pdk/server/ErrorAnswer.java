// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Bytes;
import java.util.List;
import java.util.Map;

/**
 * What a client gets when a plugin has failed.
 *
 * @param status from 400 to 599
 */
public record ErrorAnswer(int status, Bytes body, Map<String, List<String>> headers) {
    /** As Kong itself answers. */
    static final ErrorAnswer KONG =
            json(500, Bytes.utf8("{\"message\":\"An unexpected error occurred\"}"));

    public static ErrorAnswer json(int status, Bytes body) {
        return new ErrorAnswer(
                status, body, Map.of("Content-Type", List.of("application/json; charset=utf-8")));
    }
}
