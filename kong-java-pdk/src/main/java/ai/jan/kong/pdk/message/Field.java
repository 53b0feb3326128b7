// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a record that is a field of a protocol message. The field's name is the
 * component's in snake case; its protobuf type follows from the component's type.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Field {
    /** The field number. */
    int value();

    /**
     * The name of the oneof it belongs to; empty for none. A member of a oneof is null when it is
     * not the one, and is written even if it is empty.
     */
    String oneof() default "";
}
