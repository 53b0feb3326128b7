// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import ai.jan.kong.pdk.Bytes;

/** Loads a configuration of a plugin: JSON, with bookkeeping keys of Kong. */
public record CmdStartInstance(@Field(1) String name, @Field(2) Bytes config) implements Command {}
