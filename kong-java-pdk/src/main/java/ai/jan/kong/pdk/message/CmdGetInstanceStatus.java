// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** Asks for one instance; Kong itself never does. */
public record CmdGetInstanceStatus(@Field(1) int instanceId) implements Command {}
