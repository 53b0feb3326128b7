// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of a process: the user's, without settings that are meant for the stack itself or
 * that would change one of its parts behind its back, plus what the process is told.
 */
public final class ChildEnvironment {
    private static final List<String> SETTINGS = List.of("JAN_", "KC_", "PG");

    private ChildEnvironment() {}

    /** For everything but the gateway. */
    public static Map<String, String> ours(Map<String, String> own) {
        var all = gateway(own);
        all.keySet().removeIf(name -> name.startsWith("KONG_") && !own.containsKey(name));
        return all;
    }

    /** For the gateway: its user may override more of {@code kong.conf} by {@code KONG_…}. */
    public static Map<String, String> gateway(Map<String, String> own) {
        var all = new HashMap<>(System.getenv());
        all.keySet().removeIf(name -> SETTINGS.stream().anyMatch(name::startsWith));
        all.putAll(own);
        return all;
    }
}
