// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** Asks for one plugin; Kong itself never does. */
public record CmdGetPluginInfo(@Field(1) String name) implements Command {}
