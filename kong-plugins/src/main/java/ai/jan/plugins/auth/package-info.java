// SPDX-License-Identifier: Apache-2.0
/** The plugin jan-auth: who is calling. */
@NullMarked
package ai.jan.plugins.auth;

import org.jspecify.annotations.NullMarked;
