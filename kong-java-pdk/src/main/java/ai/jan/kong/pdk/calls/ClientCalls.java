// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Client;
import ai.jan.kong.pdk.message.AuthenticateArgs;
import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.wire.PdkMethods;
import org.jspecify.annotations.Nullable;

record ClientCalls(Calls calls) implements Client {
    @Override
    public Answer<String> getIp() {
        return calls.ask(PdkMethods.CLIENT_GET_IP);
    }

    @Override
    public Answer<String> getForwardedIp() {
        return calls.ask(PdkMethods.CLIENT_GET_FORWARDED_IP);
    }

    @Override
    public void authenticate(
            @Nullable Consumer consumer, @Nullable AuthenticatedCredential credential) {
        calls.tell(PdkMethods.CLIENT_AUTHENTICATE, new AuthenticateArgs(consumer, credential));
    }
}
