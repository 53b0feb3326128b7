// SPDX-License-Identifier: Apache-2.0
/** What a tool is, and what every tool is held to. */
@NullMarked
package ai.jan.tools.tool;

import org.jspecify.annotations.NullMarked;
