// SPDX-License-Identifier: Apache-2.0
/**
 * The wire protocol ProtoBuf:1: frames, the codec of its messages, and the table of PDK methods.
 * Both sides of the socket use it.
 */
@NullMarked
package ai.jan.kong.pdk.wire;

import org.jspecify.annotations.NullMarked;
