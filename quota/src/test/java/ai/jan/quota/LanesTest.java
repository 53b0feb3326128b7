// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final List<Limit> ONE = limits("one");
    private static final List<Limit> OTHER = limits("other");

    private final Queue<Runnable> scheduled = new ArrayDeque<>();
    private final List<List<String>> done = new ArrayList<>();
    private final Lanes<String> lanes = new Lanes<>(scheduled::add, 50, done::add);

    @Test
    void whatComesWhileALaneIsBusyGoesTogetherAfterwards() {
        var busy = new ArrayList<List<String>>();
        var own =
                new Object() {
                    Lanes<String> lanes = lanes();
                };
        own.lanes =
                new Lanes<>(
                        scheduled::add,
                        50,
                        some -> {
                            busy.add(some);
                            if (busy.size() == 1) {
                                assertThat(own.lanes.offer(limits("one"), "b")).isTrue();
                                assertThat(own.lanes.offer(ONE, "c")).isTrue();
                                assertThat(scheduled).as("the lane is taken").isEmpty();
                            }
                        });
        own.lanes.offer(ONE, "a");
        work();
        assertThat(busy).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(own.lanes.size()).isZero();
    }

    @Test
    void lanesDoNotWaitForEachOther() {
        lanes.offer(ONE, "a");
        lanes.offer(OTHER, "b");
        lanes.offer(ONE, "c");
        assertThat(scheduled).hasSize(2);
        work();
        assertThat(done).containsExactly(List.of("a", "c"), List.of("b"));
        assertThat(lanes.offer(ONE, "d")).isTrue();
        work();
        assertThat(done).hasSize(3).last().isEqualTo(List.of("d"));
    }

    @Test
    void aLongLaneLetsOthersGoInBetween() {
        IntStream.range(0, 40).forEach(i -> lanes.offer(ONE, "a" + i));
        lanes.offer(OTHER, "b");
        work();
        assertThat(done).extracting(List::size).containsExactly(32, 1, 8);
    }

    @Test
    void aLaneIsFreeAgainAfterAFailure() {
        var failing =
                new Lanes<String>(
                        scheduled::add,
                        2,
                        some -> {
                            done.add(some);
                            throw new IllegalStateException("a fault");
                        });
        failing.offer(ONE, "a");
        assertThatThrownBy(this::work).hasMessage("a fault");
        assertThat(failing.size()).isZero();
        assertThat(failing.offer(ONE, "b")).isTrue();
        assertThatThrownBy(this::work).hasMessage("a fault");
        assertThat(done).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void takesNoMoreThanItsCapacity() {
        IntStream.range(0, 50).forEach(i -> assertThat(lanes.offer(ONE, "a" + i)).isTrue());
        assertThat(lanes.offer(OTHER, "b")).isFalse();
        work();
        assertThat(lanes.offer(OTHER, "b")).isTrue();
    }

    @Test
    void workersThatHaveEndedAreNobodysFault() {
        var ended =
                new Lanes<String>(
                        _ -> {
                            throw new RejectedExecutionException();
                        },
                        1,
                        done::add);
        assertThat(ended.offer(ONE, "a")).isTrue();
        assertThat(ended.size()).isEqualTo(1);
    }

    private Lanes<String> lanes() {
        return lanes;
    }

    private void work() {
        for (Runnable next; (next = scheduled.poll()) != null; ) {
            next.run();
        }
    }

    private static List<Limit> limits(String name) {
        return List.of(Limit.of(Unit.REQUESTS, 1, Duration.ofMinutes(1), "user", name));
    }
}
