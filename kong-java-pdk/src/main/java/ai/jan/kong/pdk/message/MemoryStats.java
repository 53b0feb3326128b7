// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memory of the node, in bytes. */
public record MemoryStats(
        @Field(1) @Nullable LuaSharedDicts luaSharedDicts,
        @Field(2) List<WorkerLuaVm> workersLuaVms) {
    /** The two shared dictionaries that the message has room for. */
    public record LuaSharedDicts(
            @Field(1) @Nullable DictStats kong, @Field(2) @Nullable DictStats kongDbCache) {
        public record DictStats(@Field(1) long allocatedSlabs, @Field(2) long capacity) {}
    }

    /** One worker's Lua heap. */
    public record WorkerLuaVm(@Field(1) long httpAllocatedGc, @Field(2) long pid) {}
}
