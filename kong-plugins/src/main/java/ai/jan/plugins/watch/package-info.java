// SPDX-License-Identifier: Apache-2.0
/** What an operator changes in Keycloak takes effect on tokens and API keys that exist already. */
@NullMarked
package ai.jan.plugins.watch;

import org.jspecify.annotations.NullMarked;
