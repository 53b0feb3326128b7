// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** Asks which plugins there are; Kong itself never does. */
public record CmdGetPluginNames() implements Command {}
