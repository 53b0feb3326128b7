// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

/** The id of a service. */
public record ServiceKey(@Field(1) String id) {}
