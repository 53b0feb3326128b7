// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** Where {@code kong.service.set_target} sends the request. */
public record Target(@Field(1) String host, @Field(2) int port) {}
