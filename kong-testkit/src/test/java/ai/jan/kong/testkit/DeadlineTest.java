// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    private static final int LONG = 60_000;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Deadline deadline = new Deadline(timer, ended::countDown);

    @BeforeEach
    void forgetsCancelledAlarms() {
        timer.setRemoveOnCancelPolicy(true);
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void endsWhatTakesTooLong() throws Exception {
        deadline.begin(10);
        assertThat(ended.await(20, SECONDS)).isTrue();
        assertThat(deadline.passed()).isTrue();
    }

    @Test
    void leavesTheTimerAloneWhileThingsEndInTime() {
        for (int i = 0; i < 1000; i++) {
            deadline.begin(LONG);
            deadline.end();
        }
        assertThat(timer.getQueue()).hasSize(1);
        assertThat(deadline.passed()).isFalse();
    }

    @Test
    void ringsForWhatBeganAfterTheAlarmWasSet() throws Exception {
        deadline.begin(50);
        deadline.end();
        long began = System.nanoTime();
        deadline.begin(100);
        assertThat(ended.await(20, SECONDS)).isTrue();
        assertThat(System.nanoTime() - began).isGreaterThan(90_000_000L);
    }

    @Test
    void ringsForWhatBeginsWhenTheAlarmHasRungForNothing() throws Exception {
        deadline.begin(1);
        deadline.end();
        while (!timer.getQueue().isEmpty() || timer.getActiveCount() > 0) {
            Thread.sleep(1);
        }
        assertThat(deadline.passed()).isFalse();
        deadline.begin(10);
        assertThat(ended.await(20, SECONDS)).isTrue();
    }

    @Test
    void ringsEarlierForAShorterTime() throws Exception {
        deadline.begin(LONG);
        deadline.end();
        deadline.begin(10);
        assertThat(ended.await(20, SECONDS)).isTrue();
        assertThat(timer.getQueue()).isEmpty();
    }

    @Test
    void leavesNothingBehindWhenItIsClosed() {
        deadline.begin(LONG);
        deadline.close();
        deadline.begin(1);
        assertThat(timer.getQueue()).isEmpty();
    }
}
