// SPDX-License-Identifier: Apache-2.0
/** The one JSON mapper. */
@NullMarked
package ai.jan.kit.json;

import org.jspecify.annotations.NullMarked;
