// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How many bytes a text has in UTF-8, or how many elements a list, a set or a map has. Without it
 * Kong refuses an empty text; {@code min = 0} allows it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Length {
    int min() default 0;

    int max() default Integer.MAX_VALUE;

    /** Exactly that many; then neither {@code min} nor {@code max} is given. */
    int exactly() default -1;
}
