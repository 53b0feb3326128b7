// SPDX-License-Identifier: Apache-2.0
@NullMarked
package ai.jan.gateway.config;

import org.jspecify.annotations.NullMarked;
