// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

/**
 * One turn of a conversation.
 *
 * @param role as the chat template knows it: system, user, assistant or tool
 * @param text all its text parts
 */
record Message(String role, String text) {}
