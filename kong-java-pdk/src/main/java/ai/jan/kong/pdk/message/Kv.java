// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** {@code KV}: a name and its value. No value is nil. */
@ProtoName("KV")
public record Kv(@Field(1) String k, @Field(2) Value v) {}
