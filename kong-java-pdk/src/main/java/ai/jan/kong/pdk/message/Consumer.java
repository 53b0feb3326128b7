// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.List;

/** A consumer of Kong. Missing and empty are the same. */
public record Consumer(
        @Field(1) String id,
        @Field(2) long createdAt,
        @Field(3) String username,
        @Field(4) String customId,
        @Field(5) List<String> tags) {}
