// SPDX-License-Identifier: Apache-2.0
/** The platform as its users meet it: official clients, through the gateway, every process real. */
@NullMarked
package ai.jan.conformance;

import org.jspecify.annotations.NullMarked;
