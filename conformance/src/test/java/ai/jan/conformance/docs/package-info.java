// SPDX-License-Identifier: Apache-2.0
/** The documentation: its links, its commands, and its tables against what they describe. */
@NullMarked
package ai.jan.conformance.docs;

import org.jspecify.annotations.NullMarked;
