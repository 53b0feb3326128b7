// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

/** Is told of each event when it is over: for metrics and tests. Must be quick and thread-safe. */
@FunctionalInterface
public interface EventListener {
    void ended(EventReport report);
}
