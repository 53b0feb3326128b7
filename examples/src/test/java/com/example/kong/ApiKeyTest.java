// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.jan.kong.testkit.junit.SimulatedKongExtension;
import ai.jan.kong.testkit.simulated.SimulatedKong;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SimulatedKongExtension.class)
class ApiKeyTest {
    /** {@code echo -n key-of-ada | sha256sum}. */
    private static final String ADA =
            "5532e44183f47ed1fc146851b96d585c24da5bd5fe31a885cebc357261ed8f7f ada\n";

    private static final SimulatedRequest WITH_KEY =
            SimulatedRequest.get("/").withHeader("X-Api-Key", "key-of-ada");

    @TempDir Path directory;
    private Instant now = Instant.EPOCH;

    private SimulatedKong kong(SimulatedKong.Builder builder) {
        var config =
                new ApiKey.Config(
                        directory.resolve("keys").toString(), "X-Api-Key", Duration.ofSeconds(60));
        return builder.plugin("file-api-key", 1000, new ApiKey(config, () -> now)).build();
    }

    @Test
    void aKnownKeyIsReplacedByItsOwner(SimulatedKong.Builder builder) throws Exception {
        Files.writeString(directory.resolve("keys"), ADA);

        kong(builder)
                .send(WITH_KEY.withHeader("X-Key-Owner", "somebody else"))
                .hasStatus(200)
                .upstreamHasHeader("X-Key-Owner", "ada")
                .upstreamHasNoHeader("X-Api-Key")
                .needsRoundTrips(1)
                .hasNoFailures();
    }

    @Test
    void nobodyElseGetsThrough(SimulatedKong.Builder builder) throws Exception {
        Files.writeString(directory.resolve("keys"), ADA);
        var kong = kong(builder);

        kong.send(SimulatedRequest.get("/"))
                .hasStatus(401)
                .hasHeader("WWW-Authenticate", "Key")
                .isNotForwarded();
        kong.send(SimulatedRequest.get("/").withHeader("X-Api-Key", "guess"))
                .hasStatus(401)
                .isNotForwarded();
    }

    @Test
    void remembersAKeyForAWhile(SimulatedKong.Builder builder) throws Exception {
        var kong = kong(builder);
        Files.writeString(directory.resolve("keys"), ADA);
        kong.send(WITH_KEY).hasStatus(200);

        Files.writeString(directory.resolve("keys"), "");
        kong.send(WITH_KEY).hasStatus(200);

        now = now.plusSeconds(61);
        kong.send(WITH_KEY).hasStatus(401);
    }

    @Test
    void failsClosedWithoutItsFile(SimulatedKong.Builder builder) {
        var exchange = kong(builder).send(WITH_KEY).hasStatus(500).isNotForwarded();

        assertEquals(1, exchange.failures().size());
    }
}
