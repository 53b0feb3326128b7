// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RecurringTest {
    private static final Recurring.Rhythm OFTEN = Recurring.Rhythm.every(Duration.ofMillis(1));

    @Test
    void goesOnAfterAnyFailure() throws Exception {
        var times = new CountDownLatch(4);
        var task =
                Recurring.start(
                        "test",
                        OFTEN,
                        "the test fails",
                        () -> {
                            times.countDown();
                            throw new IllegalStateException("now and then");
                        });

        assertThat(times.await(20, TimeUnit.SECONDS)).isTrue();
        task.close();
    }

    @Test
    void doesNothingAnyMoreWhenItIsClosed() throws Exception {
        var times = new AtomicInteger();
        var first = new CountDownLatch(1);
        var task =
                Recurring.start(
                        "test",
                        OFTEN,
                        "the test fails",
                        () -> {
                            times.incrementAndGet();
                            first.countDown();
                        });
        assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();

        task.close();

        int until = times.get();
        Thread.sleep(50);
        assertThat(times).hasValue(until);
    }

    @Test
    void interruptsATaskThatWaits() throws Exception {
        var waiting = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        var task =
                Recurring.start(
                        "test",
                        OFTEN,
                        "the test fails",
                        () -> {
                            waiting.countDown();
                            try {
                                Thread.sleep(Duration.ofMinutes(1));
                            } finally {
                                ended.countDown();
                            }
                        });
        assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();

        task.close();

        assertThat(ended.getCount()).isZero();
    }
}
