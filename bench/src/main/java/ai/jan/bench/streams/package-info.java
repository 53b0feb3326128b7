// SPDX-License-Identifier: Apache-2.0
/**
 * What llm-api-lite adds to the streams of a model, how many it carries, and how soon it lets go.
 */
@NullMarked
package ai.jan.bench.streams;

import org.jspecify.annotations.NullMarked;
