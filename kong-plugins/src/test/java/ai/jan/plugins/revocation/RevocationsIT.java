// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.database.Database;
import ai.jan.database.DatabaseSettings;
import ai.jan.database.DatabaseUnavailable;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.database.TestingLink;
import ai.jan.plugins.NoticeListener;
import ai.jan.plugins.TestingClock;
import ai.jan.plugins.revocation.FindRevocation.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes on a real PostgreSQL; one of them can be cut off. */
@Timeout(60)
class RevocationsIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final Instant LATER = NOW.plus(Duration.ofHours(1));
    private static final Instant BEFORE = NOW.minusSeconds(10);

    private final TestingClock clock = new TestingClock();
    private TestingDatabase postgres;
    private TestingLink link;
    private Database here;
    private Database there;
    private Revocations revocations;
    private RevokedTokens nodeHere;
    private RevokedTokens nodeThere;
    private NoticeListener listenerHere;
    private NoticeListener listenerThere;

    @BeforeEach
    void open() throws Exception {
        clock.advance(Duration.between(clock.instant(), NOW));
        postgres = TestingDatabase.migrated();
        link = TestingLink.to(postgres.port());
        var direct = postgres.settings(LoginRole.PLUGINS);
        here = Database.open(direct, "here");
        there =
                Database.open(
                        new DatabaseSettings(
                                direct.url().replace(":" + postgres.port(), ":" + link.port()),
                                direct.user(),
                                direct.password()),
                        "there");
        revocations = new Revocations(here, clock);
        nodeHere = new RevokedTokens(revocations, clock);
        nodeThere = new RevokedTokens(new Revocations(there, clock), clock);
        listenerHere = NoticeListener.start(here, nodeHere);
        listenerThere = NoticeListener.start(there, nodeThere);
        await(nodeHere, Verdict.GOOD, 20);
        await(nodeThere, Verdict.GOOD, 20);
    }

    @AfterEach
    void close() throws Exception {
        listenerHere.close();
        listenerThere.close();
        here.close();
        there.close();
        link.close();
        postgres.close();
    }

    @Test
    void refusesTheTokensOfASessionOnEveryNodeWithinASecond() throws Exception {
        revocations.session("session-1", LATER);
        await(nodeHere, Verdict.REVOKED, 1);
        await(nodeThere, Verdict.REVOKED, 1);
        assertThat(nodeThere.verdict("session-1", "ada", NOW.plusSeconds(5)))
                .as("whenever it was issued")
                .isEqualTo(Verdict.REVOKED);
        assertThat(nodeThere.verdict("session-2", "ada", BEFORE)).isEqualTo(Verdict.GOOD);
        assertThat(nodeThere.verdict(null, "session-1", BEFORE)).isEqualTo(Verdict.GOOD);
    }

    @Test
    void refusesTheOlderTokensOfASubjectOnEveryNodeWithinASecond() throws Exception {
        revocations.subject("ada", NOW, LATER);
        await(nodeHere, Verdict.REVOKED, 1);
        await(nodeThere, Verdict.REVOKED, 1);
        assertThat(nodeThere.verdict("session-2", "ada", NOW)).isEqualTo(Verdict.GOOD);
        assertThat(nodeThere.verdict("ada", "bob", BEFORE)).isEqualTo(Verdict.GOOD);
    }

    @Test
    void neverWeakensARevocation() throws Exception {
        revocations.subject("ada", NOW, LATER);
        revocations.subject("ada", NOW.minusSeconds(100), NOW.plusSeconds(1));
        revocations.session("last", LATER); // heard after the others
        await(() -> nodeThere.verdict("last", "x", NOW), Verdict.REVOKED, 1);
        clock.advance(Duration.ofMinutes(1));
        assertThat(nodeThere.verdict(null, "ada", BEFORE)).isEqualTo(Verdict.REVOKED);
    }

    @Test
    void catchesUpWhenItWasCutOff() throws Exception {
        link.cut();
        revocations.session("session-1", LATER);
        await(nodeHere, Verdict.REVOKED, 1);
        assertThat(nodeThere.verdict("session-1", "ada", BEFORE))
                .as("what is known stays in force, and tokens stay good")
                .isEqualTo(Verdict.GOOD);
        assertThatThrownBy(() -> new Revocations(there, clock).session("session-2", LATER))
                .isInstanceOf(DatabaseUnavailable.class);
        link.repair();
        await(nodeThere, Verdict.REVOKED, 20);
    }

    @Test
    void seesWhatNoNoticeToldOf() throws Exception {
        postgres.execute("ALTER TABLE identity.revocations DISABLE TRIGGER token_revoked");
        revocations.session("session-1", LATER);
        nodeThere.lookAgain(); // as every half minute
        assertThat(nodeThere.verdict("session-1", "ada", BEFORE)).isEqualTo(Verdict.REVOKED);
    }

    @Test
    void isKnownToANodeThatStartsLater() throws Exception {
        revocations.session("session-1", LATER);
        revocations.subject("bob", NOW, LATER);
        var third = new RevokedTokens(new Revocations(there, clock), clock);
        third.connected();
        assertThat(third.verdict("session-1", "ada", BEFORE)).isEqualTo(Verdict.REVOKED);
        assertThat(third.verdict(null, "bob", BEFORE)).isEqualTo(Verdict.REVOKED);
        assertThat(third.verdict(null, "ada", BEFORE)).isEqualTo(Verdict.GOOD);
    }

    @Test
    void endsWithTheLastTokenItIsAbout() throws Exception {
        revocations.session("session-1", LATER);
        await(nodeThere, Verdict.REVOKED, 1);
        clock.advance(Duration.ofHours(1));
        assertThat(nodeThere.verdict("session-1", "ada", BEFORE)).isEqualTo(Verdict.GOOD);
        postgres.execute("UPDATE identity.revocations SET expires_at = now() - interval '1 s'");
        nodeThere.lookAgain(); // and cleans up, as every ten minutes
        var rows =
                here.with(handle ->
                        handle.createQuery("SELECT count(*) FROM identity.revocations")
                                .mapTo(int.class)
                                .one());
        assertThat(rows).isZero();
    }

    @Test
    void refusesMoreRatherThanLessWhenItsMemoryIsFull() throws Exception {
        for (var loadsAtOnce : new boolean[] {false, true}) {
            var small = new RevokedTokens(revocations, 2, clock);
            if (!loadsAtOnce) {
                small.connected();
            }
            for (var i = 1; i <= 3; i++) {
                revocations.subject("user-" + i, NOW.plusSeconds(i), LATER);
                if (!loadsAtOnce) {
                    small.lookAgain();
                }
            }
            small.connected();
            for (var i = 1; i <= 3; i++) {
                assertThat(small.verdict(null, "user-" + i, NOW)).isEqualTo(Verdict.REVOKED);
            }
            assertThat(small.verdict(null, "another", NOW)).isEqualTo(Verdict.REVOKED);
            assertThat(small.verdict(null, "another", NOW.plusSeconds(1))).isEqualTo(Verdict.GOOD);
        }
    }

    @Test
    void cannotTellBeforeItHasLoadedAnything() throws Exception {
        var node = new RevokedTokens(revocations, clock);
        var asked = CompletableFuture.supplyAsync(() -> node.verdict("session-1", "ada", BEFORE));
        assertThat(asked).isNotDone(); // waits for a node that has just been started
        node.connected();
        assertThat(asked.get(5, TimeUnit.SECONDS)).isEqualTo(Verdict.GOOD);

        link.cut();
        var cutOff = new RevokedTokens(new Revocations(there, clock), clock);
        assertThat(cutOff.verdict("session-1", "ada", BEFORE)).isEqualTo(Verdict.UNKNOWN);
    }

    private interface Asked {
        Verdict verdict();
    }

    private static void await(RevokedTokens node, Verdict expected, int seconds)
            throws InterruptedException {
        await(() -> node.verdict("session-1", "ada", BEFORE), expected, seconds);
    }

    private static void await(Asked asked, Verdict expected, int seconds)
            throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (asked.verdict() != expected) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(5);
        }
    }
}
