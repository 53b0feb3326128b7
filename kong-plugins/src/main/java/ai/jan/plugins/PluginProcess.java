// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.database.Database;
import ai.jan.database.SchemaVersion;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import ai.jan.kit.lifecycle.Recurring;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.server.ErrorAnswer;
import ai.jan.kong.pdk.server.EventListener;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import ai.jan.plugins.auth.token.Providers;
import ai.jan.plugins.guests.EraseConversations;
import ai.jan.plugins.guests.EraseOwned;
import ai.jan.plugins.guests.ExpiredGuests;
import ai.jan.plugins.identity.IdentityPlugin;
import ai.jan.plugins.keycloak.Keycloak;
import ai.jan.plugins.keycloak.KeycloakSettings;
import ai.jan.plugins.keys.ApiKeyVerifier;
import ai.jan.plugins.keys.ApiKeys;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.KeyUses;
import ai.jan.plugins.keys.OwnedKeys;
import ai.jan.plugins.quota.ModelPrices;
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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin server, wired. Closing it stops it: first the server, last the database. */
final class PluginProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginProcess.class);

    private final Parts parts;
    private final PluginServer server;

    private PluginProcess(Parts parts, PluginServer server) {
        this.parts = parts;
        this.server = server;
    }

    /**
     * What the server stands on.
     *
     * @param prices nothing if they are only in the configuration
     * @param jobs nothing if this process knows no Keycloak
     */
    private record Parts(
            Database database,
            NoticeListener notices,
            Recurring uses,
            QuotaStore quota,
            Optional<Recurring> prices,
            Optional<KeycloakJobs> jobs)
            implements AutoCloseable {
        @Override
        public void close() {
            jobs.ifPresent(KeycloakJobs::close);
            prices.ifPresent(Recurring::close);
            quota.close();
            uses.close();
            notices.close();
            database.close();
        }
    }

    /**
     * Serves as soon as it can; until the database is there, unknown API keys get 503.
     *
     * @throws IOException if the socket cannot be made
     */
    static PluginProcess start(
            PluginsSettings settings, Path socket, EventListener listener, Telemetry telemetry)
            throws IOException {
        var prices = settings.backends().map(ModelPrices::read);
        var metrics = telemetry.metrics();
        var clock = Clock.systemUTC();
        var random = new SecureRandom();
        var hasher = new KeyHasher(settings.apiKeyPepper());
        var database = Database.open(settings.database(), "kong-plugins", metrics.databases());
        var stored = new ApiKeys(database, hasher, random);
        var keys = new ApiKeyVerifier(hasher, stored, clock);
        var revocations = new Revocations(database, clock);
        var revoked = new RevokedTokens(revocations, clock);
        var notices = NoticeListener.start(database, keys, revoked);
        var uses = new KeyUses(stored, clock);
        var providers = new Providers(Http.client(), clock);
        var keycloak = settings.keycloak().map(known -> Keycloak.at(known, Http.client(), clock));
        var owned = new OwnedKeys(database, hasher, random);
        var quota = QuotaStore.open(settings.database(), metrics);
        var services =
                new Services(
                        keys,
                        uses,
                        owned,
                        providers,
                        keycloak,
                        revocations,
                        revoked,
                        quota.services(prices),
                        withOneOfItsOwn(settings.identityKeys(), random),
                        metrics.auth(),
                        telemetry.tracing(),
                        clock,
                        random);
        metrics.auth().watch(keys::cache, providers::keySets);
        var jobs =
                settings.keycloak()
                        .map(known -> {
                            var guests =
                                    new ExpiredGuests(
                                            keycloak.orElseThrow().guests(),
                                            owned,
                                            conversations(settings, known, clock),
                                            revocations,
                                            known.guests().lifetime(),
                                            clock);
                            return KeycloakJobs.start(
                                    keycloak.orElseThrow(), database, guests, revocations);
                        });
        var parts =
                new Parts(
                        database,
                        notices,
                        uses.start(),
                        quota,
                        prices.map(ModelPrices::follow),
                        jobs);
        var options = ServerOptions.DEFAULTS.withErrorAnswers(_ -> fault()).withListener(listener);
        try {
            // Last: a process that is stopped as soon as its socket is there has little to undo.
            var server = PluginServer.start(socket, Plugins.all(() -> services), options);
            return new PluginProcess(parts, server);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Logs what the database still lacks, if anything. */
    void checkDatabase() {
        SchemaVersion.state(parts.database())
                .ifPresent(state -> LOG.warn("API keys cannot be checked yet: {}", state));
    }

    @Override
    public void close() throws IOException {
        server.close();
        parts.close();
    }

    private static EraseOwned conversations(
            PluginsSettings settings, KeycloakSettings known, Clock clock) {
        var key = settings.identityKeys().get(PluginsSettings.LLM_API_LITE);
        return key == null
                ? EraseOwned.NOTHING
                : known.guests()
                        .conversations()
                        .<EraseOwned>map(service ->
                                new EraseConversations(
                                        Http.client(),
                                        service,
                                        new IdentitySigner(
                                                PluginsSettings.LLM_API_LITE, key, clock)))
                        .orElse(EraseOwned.NOTHING);
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
