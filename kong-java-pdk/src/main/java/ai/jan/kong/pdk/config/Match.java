// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A Lua pattern, not a regular expression, that a text must match; for a list, a set or a map its
 * elements.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Match {
    String value();
}
