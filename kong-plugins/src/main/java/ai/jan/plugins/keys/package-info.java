// SPDX-License-Identifier: Apache-2.0
/** API keys: their text, their hash, their table, and who still may use one. */
@NullMarked
package ai.jan.plugins.keys;

import org.jspecify.annotations.NullMarked;
