// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;

/** Talks until it is stopped, one conversation at a time. */
final class EndlessEngine implements Engine {
    final CountDownLatch cancelled = new CountDownLatch(1);

    @Override
    public String model() {
        return "endless";
    }

    @Override
    public OptionalInt context() {
        return OptionalInt.of(1000);
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public Generation begin(List<Message> messages, Sampling sampling) {
        return new Generation() {
            private int spoken;

            @Override
            public int promptTokens() {
                return 1;
            }

            @Override
            public Optional<String> next() {
                boolean isOver = spoken >= sampling.maxTokens().orElse(Integer.MAX_VALUE);
                return isOver ? Optional.empty() : Optional.of("word " + spoken++ + " ");
            }

            @Override
            public int completionTokens() {
                return spoken;
            }

            @Override
            public boolean isCutOff() {
                return true;
            }

            @Override
            public void cancel() {
                cancelled.countDown();
            }
        };
    }

    @Override
    public void close() {
        // nothing is held
    }
}
