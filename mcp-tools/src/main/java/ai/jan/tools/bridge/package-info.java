// SPDX-License-Identifier: Apache-2.0
/** Other MCP servers, whose tools are offered as ours. */
@NullMarked
package ai.jan.tools.bridge;

import org.jspecify.annotations.NullMarked;
