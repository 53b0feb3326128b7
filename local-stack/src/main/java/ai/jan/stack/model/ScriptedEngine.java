// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/**
 * No model at all: says so in every answer and repeats what it was asked, a word at a time. For
 * machines without a model and for tests of everything around one. A token is a word.
 */
final class ScriptedEngine implements Engine {
    static final String NAME = "scripted";
    private static final String CONFESSION =
            "This answer is scripted, no model is running here. You said: ";
    private static final long PAUSE_NANOS = 20_000_000;
    private static final int SLOTS = 16;
    private static final String BETWEEN_WORDS = "(?<=\\s)(?=\\S)";

    @Override
    public String model() {
        return NAME;
    }

    @Override
    public OptionalInt context() {
        return OptionalInt.empty();
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public Generation begin(List<Message> messages, Sampling sampling) {
        int promptTokens =
                messages.stream().mapToInt(message -> words(message.text()).length).sum();
        var asked =
                messages.reversed().stream()
                        .filter(message -> message.role().equals("user"))
                        .findFirst()
                        .map(Message::text)
                        .orElse("nothing");
        return new Script(
                promptTokens,
                new ArrayDeque<>(List.of(words(CONFESSION + asked))),
                sampling.maxTokens().orElse(Integer.MAX_VALUE));
    }

    @Override
    public void close() {
        // nothing is held
    }

    private static String[] words(String text) {
        return text.split(BETWEEN_WORDS);
    }

    private static final class Script implements Generation {
        private final int promptTokens;
        private final Deque<String> words;
        private final int maxTokens;
        private int spoken;

        Script(int promptTokens, Deque<String> words, int maxTokens) {
            this.promptTokens = promptTokens;
            this.words = words;
            this.maxTokens = maxTokens;
        }

        @Override
        public int promptTokens() {
            return promptTokens;
        }

        @Override
        public Optional<String> next() {
            if (words.isEmpty() || isCutOff()) {
                return Optional.empty();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            spoken++;
            return Optional.of(words.pop());
        }

        @Override
        public int completionTokens() {
            return spoken;
        }

        @Override
        public boolean isCutOff() {
            return !words.isEmpty() && spoken >= maxTokens;
        }

        @Override
        public void cancel() {
            words.clear();
        }
    }
}
