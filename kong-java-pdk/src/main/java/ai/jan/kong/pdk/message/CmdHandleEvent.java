// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** Runs one phase of one request on an instance. */
public record CmdHandleEvent(@Field(1) int instanceId, @Field(2) String eventName)
        implements Command {}
