// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** Gives up one instance. */
public record CmdCloseInstance(@Field(1) int instanceId) implements Command {}
