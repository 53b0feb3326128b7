// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Node;
import ai.jan.kong.pdk.message.MemoryStats;
import ai.jan.kong.pdk.wire.PdkMethods;

record NodeCalls(Calls calls) implements Node {
    @Override
    public Answer<String> getId() {
        return calls.ask(PdkMethods.NODE_GET_ID);
    }

    @Override
    public Answer<MemoryStats> getMemoryStats() {
        return calls.ask(PdkMethods.NODE_GET_MEMORY_STATS);
    }
}
