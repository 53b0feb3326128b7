// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Shared;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Optional;

record SharedCalls(Calls calls) implements Shared {
    @Override
    public void set(String key, Object value) {
        calls.tell(PdkMethods.CTX_SHARED_SET, new Kv(key, Forms.transportable(value)));
    }

    @Override
    public Answer<Optional<Object>> get(String key) {
        return calls.ask(PdkMethods.CTX_SHARED_GET, key, Forms::java);
    }
}
