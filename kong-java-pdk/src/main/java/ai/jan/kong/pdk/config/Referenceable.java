// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The text may be a vault reference such as {@code {vault://env/my-secret}}, which Kong replaces by
 * the secret; for a list, a set or a map its elements may.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Referenceable {}
