// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import ai.jan.conformance.TestingTraces.Span;
import java.net.http.HttpHeaders;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A trace that a client has begun.
 *
 * @param traces where its spans arrive
 * @param id of it
 * @param span the client's own, which is the parent of what follows
 */
record ClientTrace(TestingTraces traces, String id, String span) {
    static ClientTrace begin(TestingTraces traces) {
        return new ClientTrace(traces, random(16), random(8));
    }

    /** The header {@code traceparent}. */
    String header() {
        return "00-" + id + "-" + span + "-01";
    }

    /** The first span of this name that a process has made in it; waits for it. */
    Span await(String service, String name) throws InterruptedException {
        return traces.await(each -> each.trace().equals(id) && each.isOf(service, name));
    }

    /**
     * Whether the ledger has said that a request may pass. On a busy machine one may pass without,
     * as its plan allows; then there is nothing to settle.
     */
    static boolean isReserved(HttpHeaders answer) {
        return answer.firstValue("x-ratelimit-remaining-requests").isPresent();
    }

    private static String random(int size) {
        var bytes = new byte[size];
        ThreadLocalRandom.current().nextBytes(bytes);
        bytes[0] |= 1; // all zeros would be none
        return HexFormat.of().formatHex(bytes);
    }
}
