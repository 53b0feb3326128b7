// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.WireException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call that Kong has not answered yet, or its answer. */
final class PendingAnswer<R, T> implements Answer<T> {
    private final PdkMethod<?, R> method;
    private final Function<R, T> form;
    private final Consumer<PdkMethod<?, ?>> await;
    private boolean answered;
    private @Nullable T value;
    private @Nullable RuntimeException failure;

    /**
     * @param await makes Kong answer everything that is queued
     */
    PendingAnswer(PdkMethod<?, R> method, Function<R, T> form, Consumer<PdkMethod<?, ?>> await) {
        this.method = method;
        this.form = form;
        this.await = await;
    }

    PdkMethod<?, R> method() {
        return method;
    }

    /**
     * Takes Kong's answer. One that is of no use fails this call only: the conversation goes on.
     *
     * @param payload empty if the answer was too long to be kept
     */
    void answer(Optional<byte[]> payload) {
        answered = true;
        if (payload.isEmpty()) {
            failure = new PdkException("the answer to " + method + " is too long");
            return;
        }
        try {
            value = form.apply(method.result().decode(payload.get()));
        } catch (WireException e) {
            failure = new PdkException("the answer to " + method + " cannot be read", e);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public T get() {
        if (!answered) {
            await.accept(method);
        }
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(value);
    }
}
