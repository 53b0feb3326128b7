// SPDX-License-Identifier: Apache-2.0
/** What it costs llm-api-lite to be watched. */
@NullMarked
package ai.jan.bench.telemetry;

import org.jspecify.annotations.NullMarked;
