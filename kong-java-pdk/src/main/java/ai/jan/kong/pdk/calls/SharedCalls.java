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
        var method = PdkMethods.CTX_SHARED_SET;
        calls.tell(method, new Kv(key, Forms.transportable(method, value)));
    }

    @Override
    public Answer<Optional<Object>> get(String key) {
        return calls.ask(PdkMethods.CTX_SHARED_GET, key, Forms::java);
    }
}
