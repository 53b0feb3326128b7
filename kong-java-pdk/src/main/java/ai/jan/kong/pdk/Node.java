// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import ai.jan.kong.pdk.message.MemoryStats;

/** {@code kong.node}: the Kong node itself. */
public interface Node {
    /** {@code kong.node.get_id}: the node's UUID. All phases. */
    Answer<String> getId();

    /**
     * {@code kong.node.get_memory_stats}: the memory of Kong's workers and of two of its shared
     * dictionaries, in bytes. All phases.
     */
    Answer<MemoryStats> getMemoryStats();
}
