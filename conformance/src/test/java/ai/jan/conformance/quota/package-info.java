// SPDX-License-Identifier: Apache-2.0
/** Quotas on several nodes that are killed. */
@NullMarked
package ai.jan.conformance.quota;

import org.jspecify.annotations.NullMarked;
