// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import org.jspecify.annotations.Nullable;

/** The end of a command: its sequence number, and what it answers if it answers anything. */
public record RpcReturn(
        @Field(1) long sequence,
        @Field(value = 31, oneof = "return") @Nullable PluginNames pluginNames,
        @Field(value = 32, oneof = "return") @Nullable PluginInfo pluginInfo,
        @Field(value = 33, oneof = "return") @Nullable InstanceStatus instanceStatus) {
    public static RpcReturn of(long sequence) {
        return new RpcReturn(sequence, null, null, null);
    }

    public static RpcReturn of(long sequence, PluginNames names) {
        return new RpcReturn(sequence, names, null, null);
    }

    public static RpcReturn of(long sequence, PluginInfo plugin) {
        return new RpcReturn(sequence, null, plugin, null);
    }

    public static RpcReturn of(long sequence, InstanceStatus status) {
        return new RpcReturn(sequence, null, null, status);
    }
}
