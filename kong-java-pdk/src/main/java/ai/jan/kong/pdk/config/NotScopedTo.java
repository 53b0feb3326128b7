// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the plugin cannot be configured for; on the configuration record. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface NotScopedTo {
    Scope[] value();

    /** What a plugin can be configured for. */
    enum Scope {
        CONSUMER,
        ROUTE,
        SERVICE
    }
}
