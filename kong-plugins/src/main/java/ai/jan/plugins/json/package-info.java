// SPDX-License-Identifier: Apache-2.0
/**
 * JSON as bytes: checked completely, read where needed, changed in place. What is not changed keeps
 * its bytes.
 */
@NullMarked
package ai.jan.plugins.json;

import org.jspecify.annotations.NullMarked;
