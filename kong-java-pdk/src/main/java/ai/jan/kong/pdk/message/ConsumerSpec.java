// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** Which consumer to load. */
public record ConsumerSpec(@Field(1) String id, @Field(2) boolean byUsername) {}
