// SPDX-License-Identifier: Apache-2.0
/**
 * A plugin's configuration: a record from which Kong's schema is derived, and into which Kong's
 * JSON is read.
 */
@NullMarked
package ai.jan.kong.pdk.config;

import org.jspecify.annotations.NullMarked;
