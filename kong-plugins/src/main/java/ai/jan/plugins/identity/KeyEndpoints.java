// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.keys.IssuedKey;
import ai.jan.plugins.keys.KeyEntry;
import ai.jan.plugins.keys.NewKey;
import ai.jan.plugins.keys.OwnedKeys;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of the caller. A key can do what its maker can at the time, and cannot make or end
 * keys itself: whoever finds one has it until it is revoked, and no longer.
 */
final class KeyEndpoints {
    private static final String ALL = "/auth/api-keys";
    private static final String ONE = ALL + "/([^/]+)";
    private static final int MAX_NAME = 255;

    private final OwnedKeys keys;
    private final int maxKeys;
    private final Duration lifetime;
    private final Duration overlap;
    private final InstantSource clock;

    KeyEndpoints(OwnedKeys keys, IdentityConfig config, InstantSource clock) {
        this.keys = keys;
        this.maxKeys = config.maxKeys();
        this.lifetime = config.keyLifetime();
        this.overlap = config.keyOverlap();
        this.clock = clock;
    }

    void addTo(Endpoints endpoints) {
        endpoints
                .on("GET", ALL, (call, _) -> list(call))
                .on("POST", ALL, (call, _) -> create(call))
                .on("DELETE", ONE, this::revoke)
                .on("POST", ONE + "/rotate", this::rotate);
    }

    private Reply list(Call call) {
        var body = Json.object();
        var items = body.putArray("items");
        var now = now();
        keys.list(call.caller().subject()).forEach(key -> items.add(described(key, now)));
        return Reply.of(200, body);
    }

    private Reply create(Call call) {
        var caller = loggedIn(call);
        var wanted = call.json();
        var now = now();
        var key =
                newKey(
                        caller,
                        name(wanted),
                        scopes(wanted, caller.scopes()),
                        now.plus(lifetime(wanted)));
        return keys.create(key, maxKeys, now)
                .map(issued -> issued(issued, now))
                .orElseThrow(this::tooMany);
    }

    private Reply revoke(Call call, String id) {
        if (!keys.revoke(loggedIn(call).subject(), keyId(id), now())) {
            throw unknown();
        }
        return Reply.noContent();
    }

    private Reply rotate(Call call, String id) {
        var caller = loggedIn(call);
        var now = now();
        var replacement = newKey(caller, "", Set.of(), now.plus(lifetime(call.json())));
        return switch (keys.rotate(keyId(id), replacement, overlap, maxKeys, now)) {
            case OwnedKeys.Rotation.Rotated(var key) -> issued(key, now);
            case OwnedKeys.Rotation.TooMany() -> throw tooMany();
            case OwnedKeys.Rotation.Unknown() -> throw unknown();
        };
    }

    private static NewKey newKey(
            Identity caller, String name, Set<String> scopes, Instant expiresAt) {
        return new NewKey(
                caller.subject(),
                name,
                caller.plan(),
                caller.roles(),
                scopes,
                caller.team(),
                expiresAt);
    }

    private static Identity loggedIn(Call call) {
        var caller = call.caller();
        if (caller.method() != Identity.Method.JWT) {
            throw new ApiProblem(
                    403,
                    ApiProblem.INVALID_REQUEST,
                    "access_token_required",
                    null,
                    "An API key cannot manage API keys. Log in and send the access token.");
        }
        return caller;
    }

    private static String name(JsonNode wanted) {
        var name = wanted.path("name").asText("").strip();
        if (!wanted.path("name").isTextual() || name.isEmpty() || name.length() > MAX_NAME) {
            throw ApiProblem.badRequest(
                    null, "name", "name must be a text of 1 to " + MAX_NAME + " characters.");
        }
        if (name.indexOf('\0') >= 0) { // the database has no such text
            throw ApiProblem.badRequest(null, "name", "name must not contain a NUL character.");
        }
        return name;
    }

    /** In nanoseconds, as Go writes a duration; a longer one than allowed is cut. */
    private Duration lifetime(JsonNode wanted) {
        var asked = wanted.path("expires_in");
        if (asked.isMissingNode() || asked.isNull()) {
            return lifetime;
        }
        if (!asked.isIntegralNumber() || asked.bigIntegerValue().signum() <= 0) {
            throw ApiProblem.badRequest(
                    null, "expires_in", "expires_in must be a positive number of nanoseconds.");
        }
        var longest = lifetime.toNanos();
        return asked.canConvertToLong() && asked.longValue() < longest
                ? Duration.ofNanos(asked.longValue())
                : lifetime;
    }

    private static Set<String> scopes(JsonNode wanted, Set<String> own) {
        var asked = wanted.path("scopes");
        if (asked.isMissingNode() || asked.isNull()) {
            return own;
        }
        var scopes = new HashSet<String>();
        asked.forEach(scope -> scopes.add(scope.isTextual() ? scope.textValue() : ""));
        if (!asked.isArray() || !own.containsAll(scopes)) {
            throw ApiProblem.badRequest(
                    null, "scopes", "scopes must be a list of scopes that you have yourself.");
        }
        return scopes;
    }

    private static UUID keyId(String text) {
        try {
            var id = UUID.fromString(text);
            if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            throw unknown().because(e);
        }
        throw unknown();
    }

    /** The database keeps microseconds. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static ApiProblem unknown() {
        return ApiProblem.notFound("api_key_not_found", null, "There is no such active API key.");
    }

    private ApiProblem tooMany() {
        return ApiProblem.badRequest(
                "api_key_limit_reached",
                null,
                "You have as many active API keys as you may have (" + maxKeys + ").");
    }

    private static Reply issued(IssuedKey key, Instant now) {
        return Reply.of(201, described(key.entry(), now).put("key", key.text()));
    }

    private static ObjectNode described(KeyEntry key, Instant now) {
        var body =
                Json.object()
                        .put("id", key.id())
                        .put("name", key.name())
                        .put("prefix", key.prefix())
                        .put("suffix", key.suffix())
                        .put("status", key.statusAt(now).name().toLowerCase(Locale.ROOT));
        put(body, "created_at", key.createdAt());
        put(body, "expires_at", key.expiresAt());
        put(body, "revoked_at", key.revokedAt());
        put(body, "last_used_at", key.lastUsedAt());
        return body;
    }

    private static void put(ObjectNode body, String field, @Nullable Instant time) {
        if (time != null) {
            body.put(field, time.toString());
        }
    }
}
