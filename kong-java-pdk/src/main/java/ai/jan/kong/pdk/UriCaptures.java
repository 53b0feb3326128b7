// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.List;
import java.util.Map;

/**
 * What a route's regular expression captured.
 *
 * @param unnamed in order, named ones included
 * @param named by name
 */
public record UriCaptures(List<String> unnamed, Map<String, String> named) {
    public UriCaptures {
        unnamed = List.copyOf(unnamed);
        named = Map.copyOf(named);
    }
}
