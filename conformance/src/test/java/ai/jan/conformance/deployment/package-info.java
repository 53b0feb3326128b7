// SPDX-License-Identifier: Apache-2.0
/** What the platform is deployed with: Compose, images. */
@NullMarked
package ai.jan.conformance.deployment;

import org.jspecify.annotations.NullMarked;
