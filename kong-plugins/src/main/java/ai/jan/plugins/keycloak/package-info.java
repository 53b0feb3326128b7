// SPDX-License-Identifier: Apache-2.0
/** What the plugins ask of Keycloak: tokens for people, and the accounts of guests. */
@NullMarked
package ai.jan.plugins.keycloak;

import org.jspecify.annotations.NullMarked;
