// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import org.jspecify.annotations.Nullable;

/** Whom {@code kong.client.authenticate} names; at least one of the two. */
public record AuthenticateArgs(
        @Field(1) @Nullable Consumer consumer,
        @Field(2) @Nullable AuthenticatedCredential credential) {}
