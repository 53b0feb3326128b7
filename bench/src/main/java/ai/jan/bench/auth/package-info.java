// SPDX-License-Identifier: Apache-2.0
/** What jan-auth costs of its own, without the way to Kong and back. */
@NullMarked
package ai.jan.bench.auth;

import org.jspecify.annotations.NullMarked;
