// SPDX-License-Identifier: Apache-2.0
/** Pages of the web, fetched without reaching anything private. */
@NullMarked
package ai.jan.tools.web;

import org.jspecify.annotations.NullMarked;
