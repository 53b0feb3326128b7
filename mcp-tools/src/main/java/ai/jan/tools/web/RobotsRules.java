// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rules of one {@code robots.txt} (RFC 9309) for one agent. */
record RobotsRules(List<Rule> rules) {
    static final RobotsRules NONE = new RobotsRules(List.of());
    static final RobotsRules NOTHING = new RobotsRules(List.of(new Rule("/", false)));

    private static final int MAX_RULES = 2_000;

    /**
     * @param pattern the beginning of a path; {@code *} stands for anything, {@code $} for the end
     */
    record Rule(String pattern, boolean allows) {}

    /** How many bytes these take, roughly. */
    long size() {
        return rules.stream().mapToLong(rule -> 100 + 2L * rule.pattern().length()).sum();
    }

    /** Reads what is said to {@code agent}, or, if it is not named, to all. */
    static RobotsRules parse(String text, String agent) {
        var own = new ArrayList<Rule>();
        var general = new ArrayList<Rule>();
        boolean named = false;
        boolean forUs = false;
        boolean forAll = false;
        boolean inNames = false;
        for (var line : text.lines().limit(20_000).toList()) {
            var parts = line.replaceFirst("#.*", "").split(":", 2);
            if (parts.length < 2) {
                continue;
            }
            var value = parts[1].strip();
            switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                case "user-agent" -> {
                    forUs = (inNames && forUs) || value.equalsIgnoreCase(agent);
                    forAll = (inNames && forAll) || value.equals("*");
                    named |= forUs;
                    inNames = true;
                }
                case "allow", "disallow" -> {
                    inNames = false;
                    var allows = parts[0].strip().equalsIgnoreCase("allow");
                    if (!value.isEmpty() && forUs && own.size() < MAX_RULES) {
                        own.add(new Rule(value, allows));
                    }
                    if (!value.isEmpty() && forAll && general.size() < MAX_RULES) {
                        general.add(new Rule(value, allows));
                    }
                }
                default -> {}
            }
        }
        return new RobotsRules(List.copyOf(named ? own : general));
    }

    /** The longest rule that matches decides; of two equal ones, the one that allows. */
    boolean allow(String path) {
        boolean allowed = true;
        int longest = -1;
        for (var rule : rules) {
            int length = rule.pattern().length();
            if (length >= longest && matches(rule.pattern(), path)) {
                allowed = length == longest ? allowed || rule.allows() : rule.allows();
                longest = length;
            }
        }
        return allowed;
    }

    /** In time proportional to pattern times path, whatever they are. */
    static boolean matches(String pattern, String path) {
        boolean toTheEnd = pattern.endsWith("$");
        var wanted = toTheEnd ? pattern.substring(0, pattern.length() - 1) : pattern + "*";
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        while (in < path.length()) {
            if (at < wanted.length() && wanted.charAt(at) == '*') {
                star = at++;
                retry = in;
            } else if (at < wanted.length() && wanted.charAt(at) == path.charAt(in)) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++retry;
            } else {
                return false;
            }
        }
        while (at < wanted.length() && wanted.charAt(at) == '*') {
            at++;
        }
        return at == wanted.length();
    }
}
