// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the text must contain, as a <em>Lua pattern</em>, because that is what Kong understands; for
 * a list, a set or a map its elements. Not a regular expression: escapes begin with {@code %}
 * ({@code %d} a digit, {@code %a} a letter, {@code %.} a dot), {@code -} repeats as little as
 * possible, there are no alternatives and no {@code {2,3}}, and only a single character or class
 * can be repeated. {@code ^} and {@code $} tie the pattern to the begin and the end of the text.
 *
 * <p>What Kong would read in another way than a regular expression is refused when the schema is
 * made, and so is a pattern that does not treat the examples as they say:
 *
 * <pre>{@code
 * @Match(value = "^%a[%w-]*$", accepts = "key-1", refuses = {"1key", ""}) String name
 * }</pre>
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Match {
    String value();

    /** Texts that the pattern must fit. */
    String[] accepts() default {};

    /** Texts that the pattern must not fit. */
    String[] refuses() default {};
}
