// SPDX-License-Identifier: Apache-2.0
/** Access tokens that are refused before they expire, and how every node hears of it. */
@NullMarked
package ai.jan.plugins.revocation;

import org.jspecify.annotations.NullMarked;
