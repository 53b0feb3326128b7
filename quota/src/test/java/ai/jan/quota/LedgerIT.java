// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.config.Secret;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each step on a real database; a month's bucket leaks too slowly to matter in a test. */
class LedgerIT {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static TestingDatabase server;
    private static Database plugins;
    private static Database service;
    private static Ledger gateway;
    private static Ledger llmApi;

    private final String user = UUID.randomUUID().toString();
    private final Limit tokens = Limit.of(Unit.TOKENS, 1000, MONTH, "user", user);
    private final Limit requests = Limit.of(Unit.REQUESTS, 3, MONTH, "user", user);
    private final Limit slots = Limit.of(Unit.SLOTS, 2, Duration.ZERO, "user", user);

    @BeforeAll
    static void open() {
        server = TestingDatabase.migrated();
        plugins = server.open(LoginRole.PLUGINS);
        service = server.open(LoginRole.LLM_API);
        gateway = new Ledger(plugins);
        llmApi = new Ledger(service);
    }

    @AfterAll
    static void close() {
        plugins.close();
        service.close();
        server.close();
    }

    @Test
    void claimsUnderTheSameLimitsAreDecidedOneAfterTheOther() {
        var first = asking(300, tokens, requests);
        var large = asking(800, tokens, requests);
        var last = asking(700, tokens, requests);
        var verdicts =
                gateway.decide(
                        List.of(
                                new Claim(first, true),
                                new Claim(large, true),
                                new Claim(last, false),
                                new Claim(first, true)));

        assertThat(verdicts.get(0)).isInstanceOf(Verdict.Reserved.class);
        assertThat(verdicts.get(1)).isInstanceOf(Verdict.Refused.class);
        assertThat(verdicts.get(2)).isInstanceOf(Verdict.Reserved.class);
        assertThat(verdicts.get(3)).as("repeated").isInstanceOf(Verdict.Reserved.class);
        assertThat(remaining(tokens)).isZero();
        assertThat(remaining(requests)).isEqualTo(1);

        assertThat(
                        llmApi.close(
                                List.of(
                                        new Settlement(first, new Amount(1, 100, 0)),
                                        new Settlement(last, new Amount(1, 1, 1)),
                                        new Settlement(first, null))))
                .as("one was closed already, one twice")
                .containsExactlyInAnyOrder(true, false, false);
        assertThat(remaining(tokens)).isBetween(200L, 300L);
    }

    @Test
    void claimsUnderLimitsThatOverlapAreDecidedTogether() {
        var team = Limit.of(Unit.TOKENS, 1000, MONTH, "team", user);
        var smaller = Limit.of(Unit.TOKENS, 500, MONTH, "team", user);
        var own = asking(600, tokens, team);
        var refused = asking(600, team, requests, slots);
        var fitting = asking(400, team, slots);
        var another = asking(10, requests, slots);
        var verdicts =
                gateway.decide(
                        List.of(
                                new Claim(own, true),
                                new Claim(refused, true),
                                new Claim(fitting, true),
                                new Claim(asking(1, smaller), true),
                                new Claim(another, true),
                                new Claim(asking(1), false)));

        assertThat(verdicts)
                .extracting(verdict -> verdict instanceof Verdict.Reserved)
                .as("the one under a smaller limit finds the bucket too full")
                .containsExactly(true, false, true, false, true, true);
        assertThat(remainingIn(verdicts.get(0))).containsOnly(400L);
        assertThat(remainingIn(verdicts.get(1))).containsExactlyInAnyOrder(400L, 3L, 2L);
        assertThat(remainingIn(verdicts.get(2))).containsExactlyInAnyOrder(0L, 1L);
        assertThat(remainingIn(verdicts.get(4))).containsExactlyInAnyOrder(2L, 0L);
        assertThat(remaining(requests)).isEqualTo(2);

        assertThat(
                        llmApi.close(
                                List.of(
                                        new Settlement(another, new Amount(1, 0, 0)),
                                        new Settlement(own, new Amount(1, 100, 0)),
                                        new Settlement(refused, new Amount(1, 0, 0)),
                                        new Settlement(fitting, null))))
                .as("what was refused is booked like one that was lost")
                .containsExactly(true, true, true, true);
        assertThat(remaining(tokens)).isEqualTo(900);
        assertThat(remaining(team)).as("both refunds bear the leak").isBetween(899L, 900L);
        assertThat(remaining(slots)).isEqualTo(2);
        assertThat(remaining(requests)).isEqualTo(1);
    }

    @Test
    void batchesInOppositeOrdersDoNotWaitForEachOther() throws Exception {
        var limits =
                IntStream.range(0, 8)
                        .mapToObj(i ->
                                Limit.of(
                                        i % 2 == 0 ? Unit.TOKENS : Unit.REQUESTS,
                                        1_000_000,
                                        i % 3 == 0 ? MINUTE : MONTH,
                                        "user",
                                        user + i))
                        .toList();
        try (var both = Executors.newFixedThreadPool(2)) {
            var forwards = both.submit(() -> oftenOn(limits));
            var backwards = both.submit(() -> oftenOn(limits.reversed()));
            forwards.get(1, TimeUnit.MINUTES);
            backwards.get(1, TimeUnit.MINUTES);
        }
        assertThat(remaining(limits.get(2))).isEqualTo(1_000_000 - 2 * 50);
    }

    /** A request for each limit, in one batch; all are settled with what they reserved. */
    private @Nullable Void oftenOn(List<Limit> limits) {
        for (int round = 0; round < 50; round++) {
            var asked = limits.stream().map(limit -> asking(1, limit)).toList();
            assertThat(gateway.decide(asked.stream().map(each -> new Claim(each, true)).toList()))
                    .allMatch(verdict -> verdict instanceof Verdict.Reserved);
            assertThat(
                            llmApi.close(
                                    asked.stream()
                                            .map(each -> new Settlement(each, each.amount()))
                                            .toList()))
                    .containsOnly(true);
        }
        return null;
    }

    private static List<Long> remainingIn(Verdict verdict) {
        var states =
                switch (verdict) {
                    case Verdict.Reserved reserved -> reserved.states();
                    case Verdict.Refused refused -> refused.states();
                    default -> throw new AssertionError(verdict);
                };
        return states.stream().map(LimitState::remaining).toList();
    }

    @Test
    void takesFromAllLimitsOrFromNone() {
        assertThat(gateway.reserve(asking(600, tokens, requests)))
                .isInstanceOf(Verdict.Reserved.class);
        assertThat(gateway.reserve(asking(600, tokens, requests)))
                .isInstanceOf(Verdict.Refused.class);

        assertThat(remaining(tokens)).isEqualTo(400);
        assertThat(remaining(requests)).isEqualTo(2);
    }

    @Test
    void tellsHowLongToWait() {
        var minute = Limit.of(Unit.TOKENS, 1000, MINUTE, "user", user);
        var first = (Verdict.Reserved) gateway.reserve(asking(900, minute));
        var second = (Verdict.Refused) gateway.reserve(asking(400, minute));

        assertThat(first.states().getFirst().level()).isEqualTo(54_000_000_000L);
        assertThat(second.states().getFirst().pause().orElseThrow())
                .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(18));
    }

    @Test
    void refusesForGoodWhatIsLargerThanTheLimit() {
        var refused = (Verdict.Refused) gateway.reserve(asking(1001, tokens));

        assertThat(refused.states().getFirst().pause()).isEmpty();
        assertThat(gateway.reserve(asking(1000, tokens))).isInstanceOf(Verdict.Reserved.class);
    }

    @Test
    void anEventThatRunsAgainIsCountedOnce() {
        var reservation = asking(600, tokens, requests, slots);

        assertThat(gateway.reserve(reservation)).isInstanceOf(Verdict.Reserved.class);
        assertThat(gateway.reserve(reservation)).isInstanceOf(Verdict.Reserved.class);

        assertThat(remaining(tokens)).isEqualTo(400);
        assertThat(llmApi.settle(reservation, new Amount(1, 10, 0))).isTrue();
        assertThat(gateway.reserve(reservation)).isInstanceOf(Verdict.Over.class);
    }

    @Test
    void settlesOnceWithWhatWasUsed() {
        var reservation = asking(600, tokens, requests);
        gateway.reserve(reservation);

        assertThat(llmApi.settle(reservation, new Amount(1, 60, 40))).isTrue();
        assertThat(llmApi.settle(reservation, new Amount(1, 0, 0))).isFalse();

        assertThat(remaining(tokens)).isEqualTo(900);
        assertThat(remaining(requests)).isEqualTo(2);
        assertThat(llmApi.used(user, today(), today()))
                .singleElement()
                .isEqualTo(new Usage(today(), "m", 1, 60, 40, 0));
    }

    @Test
    void givesNothingBackThatHasLeakedSince() {
        var reservation = asking(600, tokens);
        gateway.reserve(reservation);
        // as if it had been reserved when a fifth of the month's tokens were yet to come: 200 of
        // 500
        backdate(reservation, Duration.ofDays(6));

        llmApi.settle(reservation, new Amount(1, 100, 0));

        assertThat(remaining(tokens)).isEqualTo(400 + 500 - 200);
    }

    @Test
    void booksWhatWasUsedAboveTheReservation() {
        var reservation = asking(600, tokens);
        gateway.reserve(reservation);

        llmApi.settle(reservation, new Amount(1, 600, 900));

        assertThat(remaining(tokens)).isZero();
        var refused = (Verdict.Refused) gateway.reserve(asking(100, tokens));
        assertThat(refused.states().getFirst().pause().orElseThrow())
                .isBetween(Duration.ofDays(17), Duration.ofDays(18));
    }

    @Test
    void releasesAllButTheCount() {
        var reservation = asking(600, tokens, requests, slots);
        gateway.reserve(reservation);

        assertThat(llmApi.release(reservation)).isTrue();

        assertThat(remaining(tokens)).isEqualTo(1000);
        assertThat(remaining(requests)).isEqualTo(2);
        assertThat(remaining(slots)).isEqualTo(2);
    }

    @Test
    void extendsByTheDifferenceOrNotAtAll() {
        var reservation = asking(300, tokens, requests);
        gateway.reserve(reservation);

        var more = reservation.amount().plusPrompt(500);
        assertThat(llmApi.extend(reservation, more)).isInstanceOf(Verdict.Reserved.class);
        assertThat(llmApi.extend(reservation, more)).isInstanceOf(Verdict.Reserved.class);
        assertThat(remaining(tokens)).isEqualTo(200);

        var held = reservation.of(more);
        var refused = (Verdict.Refused) llmApi.extend(held, more.plusPrompt(201));
        assertThat(Refusal.of(refused.states(), "m").headers())
                .containsEntry("x-should-retry", "false");
        assertThat(remaining(tokens)).isEqualTo(200);

        llmApi.settle(held, new Amount(1, 700, 0));
        assertThat(remaining(tokens)).isEqualTo(300);
    }

    @Test
    void aSlotIsFreeWhenItsRequestIsOver() {
        var first = asking(1, slots);
        gateway.reserve(first);
        gateway.reserve(asking(1, slots));
        assertThat(gateway.reserve(asking(1, slots))).isInstanceOf(Verdict.Refused.class);

        llmApi.settle(first, new Amount(1, 1, 0));

        assertThat(gateway.reserve(asking(1, slots))).isInstanceOf(Verdict.Reserved.class);
    }

    @Test
    void aLeaseThatRunsOutFreesTheSlotAndSettlesAtWhatWasReserved() {
        var shortly = new Ledger(plugins, Duration.ofMillis(1));
        var dead = asking(600, tokens, slots);
        var alive = asking(100, tokens, slots);
        shortly.reserve(dead);
        shortly.reserve(alive);
        assertThat(llmApi.renew(List.of(alive.id(), "unknown"))).containsExactly(alive.id());

        while (gateway.expire(1000) > 0) {} // those of other tests too

        assertThat(remaining(slots)).isEqualTo(1);
        assertThat(remaining(tokens)).isEqualTo(300);
        assertThat(llmApi.settle(dead, new Amount(1, 1, 0))).isFalse();
        assertThat(llmApi.renew(List.of(dead.id()))).isEmpty();
        assertThat(llmApi.settle(alive, new Amount(1, 100, 0))).isTrue();
    }

    @Test
    void aReservationThatWasLostIsBookedWhenItIsSettled() {
        var lost = asking(600, tokens, requests, slots);

        assertThat(llmApi.settle(lost, new Amount(1, 150, 50))).isTrue();
        assertThat(llmApi.settle(lost, new Amount(1, 150, 50))).isFalse();

        assertThat(remaining(tokens)).isEqualTo(800);
        assertThat(remaining(requests)).isEqualTo(2);
        assertThat(remaining(slots)).isEqualTo(2);
    }

    @Test
    void aReservationThatWasLostIsMadeAnewWhenItIsExtended() {
        var lost = asking(300, tokens, requests);

        assertThat(llmApi.extend(lost, lost.amount().plusPrompt(100)))
                .isInstanceOf(Verdict.Reserved.class);

        assertThat(remaining(tokens)).isEqualTo(600);
        assertThat(remaining(requests)).isEqualTo(2);
    }

    @Test
    void aChargeIsClosedAtOnce() {
        var charge = asking(100, tokens, slots);

        assertThat(gateway.charge(charge)).isInstanceOf(Verdict.Reserved.class);

        assertThat(remaining(slots)).isEqualTo(2);
        assertThat(remaining(tokens)).isEqualTo(900);
        assertThat(llmApi.settle(charge, new Amount(1, 0, 0))).isFalse();
        assertThat(llmApi.used(user, today(), today()).getFirst().promptTokens()).isEqualTo(100);
    }

    @Test
    void oldReservationsBecomeUsage() {
        var one = asking(100, tokens);
        var two = asking(200, tokens);
        gateway.charge(one);
        gateway.charge(two);
        var before = llmApi.used(user, today(), today());
        server.execute(
                "UPDATE quota.reservations SET closed_at = closed_at - interval '2 hours' WHERE subject = '"
                        + user
                        + "'");

        while (gateway.sweep(1000, 400) > 0) {}

        assertThat(llmApi.used(user, today(), today()))
                .isEqualTo(before)
                .containsExactly(new Usage(today(), "m", 2, 300, 0, 0));
        assertThat(llmApi.used("somebody", today(), today())).isEmpty();
    }

    @Test
    void hugeOverrunsDoNotOverflow() {
        var minute = Limit.of(Unit.TOKENS, 1, MINUTE, "user", user);
        var reservation = asking(1, minute);
        gateway.reserve(reservation);

        llmApi.settle(reservation, new Amount(1, 1_000_000_000_000L, 1_000_000_000_000L));
        llmApi.settle(asking(1, minute), new Amount(1, 1_000_000_000_000L, 1_000_000_000_000L));

        assertThat(gateway.reserve(asking(1, minute))).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void anUnreachableDatabaseIsSaidToBe() {
        var nowhere =
                new DatabaseSettings(
                        "jdbc:postgresql://127.0.0.1:1/jan", "jan", new Secret("none"));
        try (var down = Database.open(nowhere, "test")) {
            assertThat(new Ledger(down).reserve(asking(1, tokens)))
                    .isInstanceOf(Verdict.Unavailable.class);
        }
    }

    private Reservation asking(long promptTokens, Limit... limits) {
        return new Reservation(
                UUID.randomUUID().toString(),
                new Spender(user, "pro", null, null, "m"),
                new Amount(1, promptTokens, 0),
                Price.FREE,
                List.of(limits));
    }

    /** Asks for nothing, which is always there. */
    private long remaining(Limit limit) {
        var nothing =
                new Reservation(
                        UUID.randomUUID().toString(),
                        new Spender("observer", "pro", null, null, null),
                        Amount.ofRequests(0),
                        Price.FREE,
                        List.of(limit));
        return ((Verdict.Reserved) gateway.charge(nothing)).states().getFirst().remaining();
    }

    private static void backdate(Reservation reservation, Duration by) {
        server.execute(
                "UPDATE quota.reservations SET reserved_at = reserved_at - interval '%d seconds' WHERE id = '%s'"
                        .formatted(by.toSeconds(), reservation.id()));
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }
}
