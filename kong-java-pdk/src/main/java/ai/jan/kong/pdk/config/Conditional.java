// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A rule for one field that holds when another has a certain value, checked by Kong before a
 * configuration is taken; on the record, as often as needed.
 *
 * <pre>{@code
 * @Conditional(ifField = "policy", is = "redis", thenField = "host")
 * record Config(@Default("local") Policy policy, @Nullable String host) {}
 * }</pre>
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Conditional.List.class)
public @interface Conditional {
    /** Name of the component, as in Java, that decides. */
    String ifField();

    /** The values with which the rule holds. */
    String[] is();

    /** Name of the component that must then be given; or {@link #thenAtLeastOneOf()}. */
    String thenField() default "";

    /** The only values that {@code thenField} may then have; without them any. */
    String[] thenOneOf() default {};

    /** Names of components of which one must then be given; or {@link #thenField()}. */
    String[] thenAtLeastOneOf() default {};

    /** Several of them. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {
        Conditional[] value();
    }
}
