// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** What Kong asks of a plugin server. */
public sealed interface Command
        permits CmdGetPluginNames,
                CmdGetPluginInfo,
                CmdStartInstance,
                CmdGetInstanceStatus,
                CmdCloseInstance,
                CmdHandleEvent {}
