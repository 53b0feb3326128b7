// SPDX-License-Identifier: Apache-2.0
/** What a process counts, and where Prometheus reads it. */
@NullMarked
package ai.jan.kit.metrics;

import org.jspecify.annotations.NullMarked;
