// SPDX-License-Identifier: Apache-2.0
/**
 * The messages of {@code kong_plugin_protocol} as records; a component's {@code @Field} gives its
 * number.
 */
@NullMarked
package ai.jan.kong.pdk.message;

import org.jspecify.annotations.NullMarked;
