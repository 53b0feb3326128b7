// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.objects;

import java.util.List;

/**
 * Some rows in a row.
 *
 * @param more whether others follow
 */
public record Slice<T>(List<T> rows, boolean more) {}
