// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The protocols that the plugin can be used with; on the configuration record. Without it Kong
 * takes all protocols.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Protocols {
    String[] value();
}
