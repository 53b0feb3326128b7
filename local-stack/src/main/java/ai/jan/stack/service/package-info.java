// SPDX-License-Identifier: Apache-2.0
/** What the stack runs: how each process is told what to do, and how one sees that it works. */
@NullMarked
package ai.jan.stack.service;

import org.jspecify.annotations.NullMarked;
