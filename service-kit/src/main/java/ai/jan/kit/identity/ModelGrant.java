// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which models a caller may use, as the gateway decided. An identity without one may use whatever
 * the backends offer. Immutable.
 *
 * @param models ids the caller may name; one that ends in {@code *} stands for all that begin so,
 *     {@code *} alone for every one
 * @param aliases further names the caller may use and sees in the list of models, each with the ids
 *     it stands for. What an alias stands for need not be among {@code models}
 * @param asked the name the client asked for, if this request goes to another model: answers carry
 *     this name
 */
public record ModelGrant(
        Set<String> models, Map<String, List<String>> aliases, @Nullable String asked) {
    /** Whatever the backends offer, under its own name. */
    public static final ModelGrant EVERYTHING = new ModelGrant(Set.of("*"), Map.of(), null);

    public ModelGrant {
        models = Set.copyOf(models);
        var copies = new LinkedHashMap<String, List<String>>();
        aliases.forEach((name, targets) -> copies.put(name, List.copyOf(targets)));
        aliases = Map.copyOf(copies);
    }

    /** The same grant for a request that named {@code alias} and goes to what it stands for. */
    public ModelGrant askedFor(@Nullable String alias) {
        return new ModelGrant(models, aliases, alias);
    }

    /** Whether the caller may write this name as the model of a request. */
    public boolean mayAskFor(String name) {
        return aliases.containsKey(name) || matches(name);
    }

    /** Whether a request of the caller may go to this model, by its own name or by an alias. */
    public boolean mayReach(String id) {
        return matches(id) || aliases.values().stream().anyMatch(ids -> ids.contains(id));
    }

    /** Whether an alias stands for one of these models, so that it is of use. */
    public boolean isServed(String alias, Collection<String> offered) {
        return aliases.getOrDefault(alias, List.of()).stream().anyMatch(offered::contains);
    }

    private boolean matches(String id) {
        return models.contains(id)
                || models.stream()
                        .anyMatch(pattern ->
                                pattern.endsWith("*")
                                        && id.startsWith(
                                                pattern.substring(0, pattern.length() - 1)));
    }
}
