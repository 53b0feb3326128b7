// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.List;

/** One plugin of a server; the schema is JSON text. */
public record PluginInfo(
        @Field(1) String name,
        @Field(2) long updatedAt,
        @Field(3) long loadedAt,
        @Field(4) List<String> phases,
        @Field(5) String version,
        @Field(6) int priority,
        @Field(7) String schema) {}
