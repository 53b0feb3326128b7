// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name of a record's message in the protocol, where it is not the record's own. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ProtoName {
    String value();
}
