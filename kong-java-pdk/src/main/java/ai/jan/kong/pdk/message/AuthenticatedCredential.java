// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** The credential a request was authenticated with. */
public record AuthenticatedCredential(@Field(1) String id, @Field(2) String consumerId) {}
