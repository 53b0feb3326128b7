// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.database.Database;
import ai.jan.database.SchemaVersion;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.json.Json;
import ai.jan.kit.metrics.QuotaMetrics;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.server.ErrorAnswer;
import ai.jan.kong.pdk.server.EventListener;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import ai.jan.plugins.auth.token.Providers;
import ai.jan.plugins.guests.ExpiredGuests;
import ai.jan.plugins.guests.GuestRemoval;
import ai.jan.plugins.identity.IdentityPlugin;
import ai.jan.plugins.keycloak.Keycloak;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.ApiKeys;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.keys.OwnedKeys;
import ai.jan.plugins.quota.QuotaStore;
import ai.jan.plugins.revocation.Revocations;
import ai.jan.plugins.revocation.RevokedTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin server, wired. Closing it stops it: first the server, last the database. */
final class PluginProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginProcess.class);

    private final Database database;
    private final NoticeListener notices;
    private final KeyUses uses;
    private final @Nullable GuestRemoval removal;
    private final QuotaStore quota;
    private final PluginServer server;

    private PluginProcess(
            Database database,
            NoticeListener notices,
            KeyUses uses,
            @Nullable GuestRemoval removal,
            QuotaStore quota,
            PluginServer server) {
        this.database = database;
        this.notices = notices;
        this.uses = uses;
        this.removal = removal;
        this.quota = quota;
        this.server = server;
    }

    /**
     * Serves as soon as it can; until the database is there, unknown API keys get 503.
     *
     * @throws IOException if the socket cannot be made
     */
    static PluginProcess start(
            PluginsSettings settings,
            Path socket,
            EventListener listener,
            QuotaMetrics quotaMetrics)
            throws IOException {
        var clock = Clock.systemUTC();
        var random = new SecureRandom();
        var hasher = new KeyHasher(settings.apiKeyPepper());
        var database = Database.open(settings.database(), "kong-plugins");
        var stored = new ApiKeys(database, hasher, random);
        var keys = new ApiKeyVerifier(hasher, stored, clock);
        var revocations = new Revocations(database, clock);
        var revoked = new RevokedTokens(revocations, clock);
        var notices = NoticeListener.start(database, keys, revoked);
        var uses = KeyUses.start(stored, clock);
        var providers = new Providers(Http.client(), clock);
        var keycloak = settings.keycloak().map(known -> Keycloak.at(known, Http.client(), clock));
        var owned = new OwnedKeys(database, hasher, random);
        var quota = QuotaStore.open(settings.database());
        var services =
                new Services(
                        keys,
                        uses,
                        owned,
                        providers,
                        keycloak,
                        revocations,
                        revoked,
                        quota.services(quotaMetrics),
                        withOneOfItsOwn(settings.identityKeys(), random),
                        clock,
                        random);
        var options = ServerOptions.DEFAULTS.withErrorAnswers(_ -> fault()).withListener(listener);
        try {
            var server = PluginServer.start(socket, Plugins.all(() -> services), options);
            var removal =
                    settings.keycloak()
                            .map(known ->
                                    GuestRemoval.start(
                                            database,
                                            new ExpiredGuests(
                                                    keycloak.orElseThrow().guests(),
                                                    owned,
                                                    revocations,
                                                    known.guestLifetime(),
                                                    clock)))
                            .orElse(null);
            return new PluginProcess(database, notices, uses, removal, quota, server);
        } catch (IOException | RuntimeException e) {
            quota.close();
            uses.close();
            notices.close();
            database.close();
            throw e;
        }
    }

    /** Logs what the database still lacks, if anything. */
    void checkDatabase() {
        SchemaVersion.state(database)
                .ifPresent(state -> LOG.warn("API keys cannot be checked yet: {}", state));
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (removal != null) {
            removal.close();
        }
        quota.close();
        uses.close();
        notices.close();
        database.close();
    }

    /** Between two plugins of this process, which nobody else has to know. */
    private static Map<String, IdentityKey> withOneOfItsOwn(
            Map<String, IdentityKey> shared, SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        var keys = new HashMap<>(shared);
        keys.put(IdentityPlugin.NAME, IdentityKey.of(HexFormat.of().formatHex(bytes)));
        return keys;
    }

    private static ErrorAnswer fault() {
        var problem = ApiProblem.internal();
        var body = problem.toJson().put("message", problem.getMessage());
        return ErrorAnswer.json(problem.status(), Bytes.of(Json.bytes(body)));
    }
}
