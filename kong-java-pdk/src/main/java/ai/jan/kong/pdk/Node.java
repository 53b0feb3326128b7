// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** {@code kong.node}: the Kong node itself. */
public interface Node {
    /** {@code kong.node.get_id}: the node's UUID. All phases. */
    Answer<String> getId();
}
