// SPDX-License-Identifier: Apache-2.0
/** The signed identity that Jan's gateway plugins hand to the services behind them. */
@NullMarked
package ai.jan.kit.identity;

import org.jspecify.annotations.NullMarked;
