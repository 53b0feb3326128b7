// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Rig;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Setup;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * {@link IdleStreams} of the platform: the memory that llm-api-lite takes for each. A stream is two
 * open files there, and two here, so there are no more of them than a process may have.
 *
 * @param streams how many, if that allows it
 * @param perSecond how many begin each second
 * @param gap from one token of a stream to its next
 * @param together how long all of them are open
 */
public record HeldStreams(int streams, int perSecond, Duration gap, Duration together)
        implements Activity {
    private static final int MOST_USUAL = 4096;
    private static final int OTHER_FILES = 500;
    private static final Load WARM_UP = new Load.Closed(64);
    private static final Duration WARM_UP_TIME = Duration.ofSeconds(5);

    @Override
    public Setup setup() {
        return streams > MOST_USUAL ? Setup.LARGE : Setup.FRESH;
    }

    @Override
    public Outcome run(Rig rig) throws IOException, InterruptedException {
        var _ = WARM_UP.run(rig.target(), new Chat(Script.QUICK, true, 0), WARM_UP_TIME);
        int count = Math.min(streams, (openFiles() - OTHER_FILES) / 2);
        var opening = Duration.ofMillis(count * 1000L / perSecond);
        int tokens = (int) (opening.plus(together).toMillis() / gap.toMillis()) + 1;
        Gauge memory = () -> rig.platform().process("llm-api-lite").residentBytes() / 1024.0;
        var result =
                new IdleStreams(count, opening, gap, tokens).run(rig.model(), rig.target(), memory);
        var figures =
                new Figures()
                        .add("streams", count, "")
                        .add("at_once", result.atOnce(), "")
                        .add("memory_before", result.before() / 1024, "MB")
                        .add("memory", result.most() / 1024, "MB")
                        .add("memory_per_stream", result.perStream(), "KiB")
                        .add("tokens_missing", (double) result.missing(), "")
                        .timesAndWorst("token", result.seen().onTheWay());
        return new Outcome(result.seen(), figures.list());
    }

    private static int openFiles() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system
                ? (int) Math.min(Integer.MAX_VALUE, system.getMaxFileDescriptorCount())
                : Integer.MAX_VALUE;
    }
}
