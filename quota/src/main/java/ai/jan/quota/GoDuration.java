// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.time.Duration;

/**
 * A duration as Go writes it, which is how OpenAI's headers do: {@code 12ms}, {@code 8.64s}, {@code
 * 6m0s}, {@code 23h55m16.126s}. What is below a millisecond is cut off.
 */
final class GoDuration {
    private GoDuration() {}

    static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis > 0 && millis < 1000) {
            return millis + "ms";
        }
        var text = new StringBuilder();
        if (duration.toHours() > 0) {
            text.append(duration.toHours()).append('h');
        }
        if (duration.toMinutes() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        text.append(duration.toSecondsPart());
        int rest = duration.toMillisPart();
        if (rest > 0) {
            text.append('.').append(String.format("%03d", rest).replaceAll("0+$", ""));
        }
        return text.append('s').toString();
    }
}
