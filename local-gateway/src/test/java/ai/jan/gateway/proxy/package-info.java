// SPDX-License-Identifier: Apache-2.0
@NullMarked
package ai.jan.gateway.proxy;

import org.jspecify.annotations.NullMarked;
