// SPDX-License-Identifier: Apache-2.0
/** Reads kong.conf and kong.yml; refuses what the stand-in cannot serve. */
@NullMarked
package ai.jan.gateway.config;

import org.jspecify.annotations.NullMarked;
