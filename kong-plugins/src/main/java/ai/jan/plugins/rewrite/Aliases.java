// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.plugins.rewrite.AliasConfig.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names that stand for models. Which of several a caller gets depends on who he is and on the
 * weights, and on nothing else: on every node, for as long as the weights stay. Thread-safe.
 */
final class Aliases {
    private final Map<String, List<Target>> targets = new HashMap<>();

    /**
     * @throws IllegalArgumentException if a name is there twice, or stands for nothing
     */
    Aliases(List<AliasConfig> aliases) {
        for (var alias : aliases) {
            var weighted = alias.targets().stream().filter(each -> each.weight() > 0).toList();
            if (weighted.isEmpty()) {
                throw new IllegalArgumentException("no target has a weight: " + alias.name());
            }
            if (targets.put(alias.name(), weighted) != null) {
                throw new IllegalArgumentException("the alias is there twice: " + alias.name());
            }
        }
    }

    Set<String> names() {
        return targets.keySet();
    }

    /** The ids that a name stands for. */
    List<String> models(String alias) {
        return targets.getOrDefault(alias, List.of()).stream().map(Target::model).toList();
    }

    /** The model that a name stands for today, for this caller; the name itself if it is none. */
    String resolve(String model, String subject) {
        var all = targets.get(model);
        if (all == null) {
            return model;
        }
        if (all.size() == 1) {
            return all.getFirst().model();
        }
        long sum = all.stream().mapToLong(Target::weight).sum();
        double point = fraction(model, subject) * sum;
        for (var target : all) {
            point -= target.weight();
            if (point < 0) {
                return target.model();
            }
        }
        return all.getLast().model();
    }

    /** From 0 to 1, 1 excluded: where the caller is among all callers of the alias. */
    private static double fraction(String alias, String subject) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(alias.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(subject.getBytes(StandardCharsets.UTF_8));
            return (ByteBuffer.wrap(digest.digest()).getLong() >>> 11) * 0x1.0p-53;
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every Java has SHA-256", e);
        }
    }
}
