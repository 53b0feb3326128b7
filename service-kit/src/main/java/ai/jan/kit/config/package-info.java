// SPDX-License-Identifier: Apache-2.0
/** Settings from the environment, read once, all problems reported together. */
@NullMarked
package ai.jan.kit.config;

import org.jspecify.annotations.NullMarked;
