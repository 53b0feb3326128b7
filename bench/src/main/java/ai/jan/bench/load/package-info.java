// SPDX-License-Identifier: Apache-2.0
/** Clients that ask for chats, as many and as often as a measurement wants, and what they saw. */
@NullMarked
package ai.jan.bench.load;

import org.jspecify.annotations.NullMarked;
