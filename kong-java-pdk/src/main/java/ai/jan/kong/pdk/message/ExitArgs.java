// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import ai.jan.kong.pdk.Bytes;
import org.jspecify.annotations.Nullable;

/** How {@code kong.response.exit} answers the client. */
public record ExitArgs(
        @Field(1) int status, @Field(2) Bytes body, @Field(3) @Nullable Struct headers) {}
