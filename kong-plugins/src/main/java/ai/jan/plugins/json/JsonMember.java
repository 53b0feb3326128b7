// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

/**
 * A member of an object.
 *
 * @param name what its name says
 * @param start of the quotation mark before the name
 */
public record JsonMember(String name, int start, JsonValue value) {}
