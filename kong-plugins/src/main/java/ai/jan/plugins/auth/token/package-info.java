// SPDX-License-Identifier: Apache-2.0
/** Access tokens of an OpenID provider, verified by its published keys. */
@NullMarked
package ai.jan.plugins.auth.token;

import org.jspecify.annotations.NullMarked;
