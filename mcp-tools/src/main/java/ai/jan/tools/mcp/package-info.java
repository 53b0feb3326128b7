// SPDX-License-Identifier: Apache-2.0
/** MCP over HTTP: the one endpoint, and the tools as clients see them. */
@NullMarked
package ai.jan.tools.mcp;

import org.jspecify.annotations.NullMarked;
