// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import java.time.Duration;
import java.util.Properties;

/**
 * How a process reaches the database, and how long it is willing to wait for it.
 *
 * @param url a JDBC address such as {@code jdbc:postgresql://127.0.0.1:5432/jan}
 * @param user the login role of the process
 * @param password of that role
 * @param poolSize connections at most, and thus statements running at once
 * @param patience how long a caller waits for a connection before it gets {@link
 *     DatabaseUnavailable}
 * @param statementTimeout after which the server ends a statement; a server that does not even do
 *     that is given up a second later
 */
public record DatabaseSettings(
        String url,
        String user,
        Secret password,
        int poolSize,
        Duration patience,
        Duration statementTimeout) {
    private static final String URL_EXAMPLE = "jdbc:postgresql://127.0.0.1:5432/jan";
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int CONNECT_SECONDS = 2;

    /** With a pool of ten, two seconds of patience and four seconds for a statement. */
    public DatabaseSettings(String url, String user, Secret password) {
        this(url, user, password, 10, Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    /** Reads {@code JAN_DATABASE_URL}, {@code JAN_DATABASE_USER}, {@code JAN_DATABASE_PASSWORD}. */
    public static DatabaseSettings from(Settings settings) {
        return new DatabaseSettings(
                url(settings),
                settings.text("JAN_DATABASE_USER", "jan_llm_api"),
                settings.secret("JAN_DATABASE_PASSWORD", 1));
    }

    static String url(Settings settings) {
        return settings.text(
                "JAN_DATABASE_URL", URL_EXAMPLE, url -> url.startsWith("jdbc:postgresql:"));
    }

    /** The same with another login role. */
    public DatabaseSettings as(String otherUser, Secret otherPassword) {
        return new DatabaseSettings(
                url, otherUser, otherPassword, poolSize, patience, statementTimeout);
    }

    Properties connectionProperties(String application) {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        properties.setProperty("ApplicationName", application);
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS));
        properties.setProperty("cancelSignalTimeout", String.valueOf(CONNECT_SECONDS));
        properties.setProperty(
                "socketTimeout", String.valueOf(statementTimeout.plus(GRACE).toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        // The details of an error quote rows and texts, and errors are logged.
        properties.setProperty("logServerErrorDetail", "false");
        // As start-up parameters they cost no round trip and no statement can forget them.
        properties.setProperty(
                "options",
                "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
                        .formatted(
                                statementTimeout.toMillis(),
                                statementTimeout.toMillis(),
                                statementTimeout.multipliedBy(2).toMillis()));
        return properties;
    }
}
