// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

/**
 * Decides what a client gets when a plugin has failed. Called for everything that leaves a phase
 * method, {@link Error}s included. If it fails itself, Kong's own text is used.
 */
@FunctionalInterface
public interface ErrorAnswers {
    ErrorAnswer to(Throwable failure);
}
