// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's six {@code x-ratelimit-*} headers. Each three tell of one limit: the one of its unit
 * with least left, of equal ones that of the shorter window. A unit without limits has no headers.
 */
public final class RateLimitHeaders {
    private RateLimitHeaders() {}

    public static Map<String, String> of(List<LimitState> states) {
        var headers = new LinkedHashMap<String, String>();
        for (var unit : List.of(Unit.REQUESTS, Unit.TOKENS)) {
            states.stream()
                    .filter(state -> state.limit().unit() == unit)
                    .min(
                            Comparator.comparingLong(LimitState::remaining)
                                    .thenComparing(state -> state.limit().window()))
                    .ifPresent(state -> {
                        var name = unit.sqlName();
                        headers.put("x-ratelimit-limit-" + name, "" + state.limit().amount());
                        headers.put("x-ratelimit-remaining-" + name, "" + state.remaining());
                        headers.put("x-ratelimit-reset-" + name, GoDuration.format(state.reset()));
                    });
        }
        return headers;
    }
}
