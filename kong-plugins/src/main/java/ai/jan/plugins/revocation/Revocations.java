// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.revocation;

import ai.jan.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Revokes access tokens: every node refuses them within a second, as soon as a method has returned.
 * The table behind it tells the nodes that were not there. Thread-safe.
 *
 * <p>All methods throw {@link ai.jan.database.DatabaseUnavailable} if the server cannot do it now;
 * nothing is revoked then.
 */
public final class Revocations {
    /**
     * How long an access token is accepted after it was issued, whatever it says of itself; a
     * revocation that is kept for that long outlives every token.
     */
    public static final Duration LONGEST_TOKEN = Duration.ofHours(24);

    private final Database database;
    private final InstantSource clock;

    public Revocations(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Refuses all tokens of a session.
     *
     * @param sid Keycloak's session, the claim {@code sid}
     * @param until when the last of its tokens has expired
     */
    public void session(String sid, Instant until) {
        add(new Revocation(Revocation.Kind.SESSION, sid, clock.instant(), until));
    }

    /**
     * Refuses the tokens of a subject that were issued before a time.
     *
     * @param sub Keycloak's user, the claim {@code sub}
     * @param issuedBefore by the issuer's clock. The claim {@code iat} has whole seconds: a token
     *     issued in the same second, before or after, is refused too
     * @param until when the last of these tokens has expired
     */
    public void subject(String sub, Instant issuedBefore, Instant until) {
        add(new Revocation(Revocation.Kind.SUBJECT, sub, issuedBefore, until));
    }

    /**
     * Refuses all tokens that were issued before a time; with its refresh token everybody gets a
     * new one.
     *
     * @param issuedBefore as of a subject
     * @param until when the last of these tokens has expired
     */
    public void everybody(Instant issuedBefore, Instant until) {
        add(new Revocation(Revocation.Kind.EVERYBODY, "*", issuedBefore, until));
    }

    private void add(Revocation revocation) {
        database.with(handle ->
                handle.createUpdate(
                                """
                                INSERT INTO identity.revocations AS r (kind, value, issued_before, expires_at)
                                VALUES (:kind, :value, :issuedBefore, :expiresAt)
                                ON CONFLICT (kind, value) DO UPDATE SET
                                  issued_before = greatest(r.issued_before, excluded.issued_before),
                                  expires_at = greatest(r.expires_at, excluded.expires_at),
                                  recorded_at = excluded.recorded_at
                                """)
                        .bind("kind", revocation.kind().wireName())
                        .bind("value", revocation.value())
                        .bind("issuedBefore", revocation.issuedBefore().atOffset(ZoneOffset.UTC))
                        .bind("expiresAt", revocation.expiresAt().atOffset(ZoneOffset.UTC))
                        .execute());
    }

    /**
     * A part of the table.
     *
     * @param rows the one recorded first first
     * @param readAt by the database's clock
     */
    record Page(List<Revocation> rows, Instant readAt) {}

    /**
     * What was recorded since a time, by the database's clock, and is still in force.
     *
     * @param limit at most so many, the newest
     */
    Page since(Instant time, int limit) {
        return database.inTransaction(handle -> {
            var readAt = handle.createQuery("SELECT now()").mapTo(OffsetDateTime.class).one();
            var newestFirst =
                    handle.createQuery(
                                    """
                                    SELECT kind, value, issued_before, expires_at FROM identity.revocations
                                    WHERE recorded_at >= :time AND expires_at > now()
                                    ORDER BY recorded_at DESC LIMIT :limit
                                    """)
                            .bind("time", time.atOffset(ZoneOffset.UTC))
                            .bind("limit", limit)
                            .map((row, _) -> revocation(row))
                            .list();
            return new Page(newestFirst.reversed(), readAt.toInstant());
        });
    }

    /** Removes what is no longer in force. */
    void removeExpired() {
        database.with(handle ->
                handle.execute("DELETE FROM identity.revocations WHERE expires_at < now()"));
    }

    private static Revocation revocation(ResultSet row) throws SQLException {
        return new Revocation(
                Revocation.Kind.of(row.getString("kind")),
                row.getString("value"),
                row.getObject("issued_before", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant());
    }
}
