// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import java.time.Duration;

/**
 * What every call of a tool is held to.
 *
 * @param deadline after which a call is given up
 * @param concurrency calls running at once; more wait a moment and are then refused
 */
public record Limits(Duration deadline, int concurrency) {}
