// SPDX-License-Identifier: Apache-2.0
/** The process mcp-tools, put together. */
@NullMarked
package ai.jan.tools;

import org.jspecify.annotations.NullMarked;
