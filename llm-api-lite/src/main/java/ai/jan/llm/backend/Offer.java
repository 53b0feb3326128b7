// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

/** A backend that serves the model asked for. */
record Offer(Backend backend, ServedModel model) {}
