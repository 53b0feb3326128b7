// SPDX-License-Identifier: Apache-2.0
/** A model server for measurements: exact, light, and told by each request how to behave. */
@NullMarked
package ai.jan.bench.model;

import org.jspecify.annotations.NullMarked;
