// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A command with its sequence number, which the answer repeats. */
public record RpcCall(
        @Field(1) long sequence,
        @Field(value = 31, oneof = "call") @Nullable CmdGetPluginNames cmdGetPluginNames,
        @Field(value = 32, oneof = "call") @Nullable CmdGetPluginInfo cmdGetPluginInfo,
        @Field(value = 33, oneof = "call") @Nullable CmdStartInstance cmdStartInstance,
        @Field(value = 34, oneof = "call") @Nullable CmdGetInstanceStatus cmdGetInstanceStatus,
        @Field(value = 35, oneof = "call") @Nullable CmdCloseInstance cmdCloseInstance,
        @Field(value = 36, oneof = "call") @Nullable CmdHandleEvent cmdHandleEvent) {
    public static RpcCall of(long sequence, Command command) {
        return switch (command) {
            case CmdGetPluginNames cmd -> new RpcCall(sequence, cmd, null, null, null, null, null);
            case CmdGetPluginInfo cmd -> new RpcCall(sequence, null, cmd, null, null, null, null);
            case CmdStartInstance cmd -> new RpcCall(sequence, null, null, cmd, null, null, null);
            case CmdGetInstanceStatus cmd ->
                    new RpcCall(sequence, null, null, null, cmd, null, null);
            case CmdCloseInstance cmd -> new RpcCall(sequence, null, null, null, null, cmd, null);
            case CmdHandleEvent cmd -> new RpcCall(sequence, null, null, null, null, null, cmd);
        };
    }

    /** The command; empty if it is one that we do not know. */
    public Optional<Command> command() {
        return Stream.<@Nullable Command>of(
                        cmdGetPluginNames,
                        cmdGetPluginInfo,
                        cmdStartInstance,
                        cmdGetInstanceStatus,
                        cmdCloseInstance,
                        cmdHandleEvent)
                .filter(command -> command != null)
                .findFirst();
    }
}
