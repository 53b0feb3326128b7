// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What Kong fills in when the field is not given. One text for a single value, as many as there are
 * elements for a list or a set, {@code key=value} for each entry of a map; numbers and booleans as
 * in JSON, durations in seconds.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    String[] value();
}
