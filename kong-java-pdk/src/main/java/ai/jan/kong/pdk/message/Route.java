// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A route of Kong. Missing and empty are the same; times are seconds since 1970. */
public record Route(
        @Field(1) String id,
        @Field(2) long createdAt,
        @Field(3) long updatedAt,
        @Field(4) String name,
        @Field(5) List<String> protocols,
        @Field(6) List<String> methods,
        @Field(7) List<String> hosts,
        @Field(8) List<String> paths,
        @Field(9) List<String> headers,
        @Field(10) int httpsRedirectStatusCode,
        @Field(11) int regexPriority,
        @Field(12) boolean stripPath,
        @Field(13) boolean preserveHost,
        @Field(14) List<String> snis,
        @Field(15) List<String> sources,
        @Field(16) List<String> destinations,
        @Field(17) List<String> tags,
        @Field(18) @Nullable ServiceKey service) {}
