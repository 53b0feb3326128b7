// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final Queue<Runnable> scheduled = new ArrayDeque<>();
    private final List<List<String>> done = new ArrayList<>();
    private final AtomicLong now = new AtomicLong(-7);
    private Consumer<List<String>> work = done::add;
    private final Lanes<String> lanes = lanes(scheduled::add, 50);

    @Test
    void whatComesWhileTheWorkerIsBusyGoesTogetherAfterwards() {
        work =
                some -> {
                    done.add(some);
                    if (done.size() == 1) {
                        lanes.offer("one", "b");
                        lanes.offer("other", "c");
                        assertThat(scheduled).as("the worker is busy").isEmpty();
                    }
                };
        lanes.offer("one", "a");
        work();
        assertThat(done).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(lanes.size()).isZero();
    }

    @Test
    void takesOneFromEachLaneInTurn() {
        IntStream.range(0, 40).forEach(i -> lanes.offer("one", "a" + i));
        lanes.offer("other", "b0");
        lanes.offer("other", "b1");
        work();
        assertThat(done).extracting(List::size).containsExactly(32, 10);
        assertThat(done.getFirst()).startsWith("a0", "b0", "a1", "b1", "a2", "a3");
        assertThat(done.getLast()).startsWith("a30", "a31").endsWith("a39");
    }

    @Test
    void anotherWorkerComesWhenWhatWaitsHasWaitedForLong() {
        lanes.offer("one", "a");
        work =
                some -> {
                    done.add(some);
                    if (some.contains("a")) { // stuck, while the others work
                        lanes.offer("one", "b");
                        lanes.help();
                        assertThat(scheduled).as("not yet").isEmpty();
                        now.addAndGet(Lanes.PATIENCE.toNanos());
                        lanes.help();
                        assertThat(scheduled).hasSize(1);
                        lanes.help();
                        lanes.offer("one", "c");
                        assertThat(scheduled).as("no more than two are allowed").hasSize(1);
                        now.addAndGet(Lanes.PATIENCE.toNanos());
                        lanes.help();
                        assertThat(scheduled).as("no more than two are allowed").hasSize(1);
                        scheduled.remove().run();
                    }
                };
        work();
        assertThat(done).containsExactly(List.of("a"), List.of("b", "c"));
        lanes.offer("one", "d");
        lanes.offer("one", "e");
        assertThat(scheduled).as("one is enough again").hasSize(1);
        work();
        assertThat(done).last().isEqualTo(List.of("d", "e"));
    }

    @Test
    void aWorkerThatFindsNothingEnds() {
        lanes.offer("one", "a");
        now.addAndGet(Lanes.PATIENCE.toNanos());
        lanes.help();
        assertThat(scheduled).hasSize(2);
        work();
        assertThat(done).containsExactly(List.of("a"));
        lanes.offer("one", "b");
        work();
        assertThat(done).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void goesOnAfterAFailure() {
        work =
                some -> {
                    done.add(some);
                    throw new IllegalStateException("a fault");
                };
        lanes.offer("one", "a");
        assertThatThrownBy(this::work).hasMessage("a fault");
        assertThat(lanes.size()).isZero();
        assertThat(lanes.offer("one", "b")).isTrue();
        assertThatThrownBy(this::work).hasMessage("a fault");
        assertThat(done).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void takesNoMoreThanItsCapacity() {
        IntStream.range(0, 50).forEach(i -> assertThat(lanes.offer("one", "a" + i)).isTrue());
        assertThat(lanes.offer("other", "b")).isFalse();
        work();
        assertThat(lanes.offer("other", "b")).isTrue();
    }

    @Test
    void workersThatHaveEndedAreNobodysFault() {
        var ended =
                lanes(
                        _ -> {
                            throw new RejectedExecutionException();
                        },
                        1);
        assertThat(ended.offer("one", "a")).isTrue();
        assertThat(ended.size()).isEqualTo(1);
    }

    private Lanes<String> lanes(Executor workers, int capacity) {
        return new Lanes<>(workers, 2, capacity, some -> work.accept(some), now::get);
    }

    private void work() {
        for (Runnable next; (next = scheduled.poll()) != null; ) {
            next.run();
        }
    }
}
