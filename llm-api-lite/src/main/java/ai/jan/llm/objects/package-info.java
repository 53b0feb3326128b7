// SPDX-License-Identifier: Apache-2.0
/** What all stored objects have in common: ids, and lists that are read page by page. */
@NullMarked
package ai.jan.llm.objects;

import org.jspecify.annotations.NullMarked;
