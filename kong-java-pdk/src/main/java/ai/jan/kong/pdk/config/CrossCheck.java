// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A rule over several fields of a record, checked by Kong before a configuration is taken; on the
 * record, as often as needed.
 *
 * <pre>{@code
 * @CrossCheck(rule = Rule.MUTUALLY_EXCLUSIVE, fields = {"allow", "deny"})
 * record Config(@Nullable String allow, @Nullable String deny) {}
 * }</pre>
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(CrossCheck.List.class)
public @interface CrossCheck {
    Rule rule();

    /** Names of components of the record, as in Java; at least two. */
    String[] fields();

    /** What has to hold. An empty collection counts as not given. */
    enum Rule {
        /** At least one is given. */
        AT_LEAST_ONE_OF,
        /** Exactly one is given. */
        ONLY_ONE_OF,
        /** All are given, or none. */
        MUTUALLY_REQUIRED,
        /** At most one is given. */
        MUTUALLY_EXCLUSIVE,
        /** No two have the same value. */
        DISTINCT
    }

    /** Several of them. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {
        CrossCheck[] value();
    }
}
