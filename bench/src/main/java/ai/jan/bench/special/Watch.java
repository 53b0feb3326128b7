// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Reads a {@link Gauge} now and then while clients are run, and keeps the most of it. */
final class Watch {
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final Clients clients;
    private final Gauge gauge;
    private final BooleanSupplier matters;
    private double most;

    /**
     * @param matters whether what is read at this moment counts
     */
    Watch(Clients clients, Gauge gauge, BooleanSupplier matters) {
        this.clients = clients;
        this.gauge = gauge;
        this.matters = matters;
        clients.after(OFTEN, this::look);
    }

    /** 0 if no moment counted. */
    double most() {
        return most;
    }

    private void look() {
        if (matters.getAsBoolean()) {
            try {
                most = Math.max(most, gauge.read());
            } catch (IOException e) {
                throw new UncheckedIOException("the gauge cannot be read", e);
            }
        }
        clients.after(OFTEN, this::look);
    }
}
