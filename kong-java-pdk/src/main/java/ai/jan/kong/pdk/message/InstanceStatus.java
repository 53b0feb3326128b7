// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** An instance that was started; the time is in seconds since 1970. */
public record InstanceStatus(
        @Field(1) String name,
        @Field(2) int instanceId,
        @Field(3) Value config,
        @Field(4) long startedAt) {}
