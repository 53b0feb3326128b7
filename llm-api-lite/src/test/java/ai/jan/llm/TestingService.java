// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import ai.jan.database.TestingDatabase;
import ai.jan.llm.TestingLlmApi.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The service, a model server behind it, and Alice, who calls it. */
final class TestingService implements AutoCloseable {
    private final @Nullable TestingDatabase own;
    private final TestingModelServer model;
    private final TestingLlmApi api;

    private TestingService(@Nullable TestingDatabase own, TestingDatabase storage)
            throws IOException {
        this.own = own;
        this.model = new TestingModelServer();
        this.api = TestingLlmApi.start(storage, TestingLlmApi.backend("one", model.url()));
    }

    /** On a database of its own, which is closed with it. */
    static TestingService start() {
        var own = TestingDatabase.migrated();
        return started(own, own);
    }

    /** On a database that others use too. */
    static TestingService on(TestingDatabase storage) {
        return started(null, storage);
    }

    private static TestingService started(@Nullable TestingDatabase own, TestingDatabase storage) {
        try {
            return new TestingService(own, storage);
        } catch (IOException e) {
            throw new UncheckedIOException("the service did not start", e);
        }
    }

    TestingModelServer model() {
        return model;
    }

    TestingLlmApi api() {
        return api;
    }

    Caller alice() {
        return api.caller("alice");
    }

    @Override
    public void close() {
        api.close();
        model.close();
        if (own != null) {
            own.close();
        }
    }
}
