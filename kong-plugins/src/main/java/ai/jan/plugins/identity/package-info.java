// SPDX-License-Identifier: Apache-2.0
/** The plugin jan-identity: the platform's own endpoints for people and their keys. */
@NullMarked
package ai.jan.plugins.identity;

import org.jspecify.annotations.NullMarked;
