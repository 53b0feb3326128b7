// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Client;
import ai.jan.kong.pdk.Entity;
import ai.jan.kong.pdk.message.AuthenticateArgs;
import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.message.ConsumerSpec;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.Optional;
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
    public Answer<Integer> getPort() {
        return calls.ask(PdkMethods.CLIENT_GET_PORT);
    }

    @Override
    public Answer<Integer> getForwardedPort() {
        return calls.ask(PdkMethods.CLIENT_GET_FORWARDED_PORT);
    }

    @Override
    public Answer<Optional<AuthenticatedCredential>> getCredential() {
        return calls.ask(
                PdkMethods.CLIENT_GET_CREDENTIAL,
                credential -> Forms.present(credential, credential.id()));
    }

    @Override
    public Answer<Optional<Entity>> getFullCredential() {
        return Forms.entity(calls, "authenticated_credential");
    }

    @Override
    public Answer<Optional<Consumer>> loadConsumer(String id) {
        return load(new ConsumerSpec(id, false));
    }

    @Override
    public Answer<Optional<Consumer>> loadConsumerByUsername(String username) {
        return load(new ConsumerSpec(username, true));
    }

    private Answer<Optional<Consumer>> load(ConsumerSpec wanted) {
        return calls.ask(PdkMethods.CLIENT_LOAD_CONSUMER, wanted, ClientCalls::present);
    }

    @Override
    public Answer<Optional<Consumer>> getConsumer() {
        return calls.ask(PdkMethods.CLIENT_GET_CONSUMER, ClientCalls::present);
    }

    private static Optional<Consumer> present(Consumer consumer) {
        return Forms.present(consumer, consumer.id());
    }

    @Override
    public Answer<Optional<Entity>> getFullConsumer() {
        return Forms.entity(calls, "authenticated_consumer");
    }

    @Override
    public void authenticate(
            @Nullable Consumer consumer, @Nullable AuthenticatedCredential credential) {
        calls.tell(PdkMethods.CLIENT_AUTHENTICATE, new AuthenticateArgs(consumer, credential));
    }

    @Override
    public Answer<Optional<String>> getProtocol(boolean allowTerminated) {
        return calls.ask(PdkMethods.CLIENT_GET_PROTOCOL, allowTerminated, Forms::text);
    }
}
