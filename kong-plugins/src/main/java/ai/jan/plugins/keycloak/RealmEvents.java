// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.plugins.watch.Realm;
import ai.jan.plugins.watch.RealmEvent;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * The events of the realm and the state of its users, read with the roles {@code view-events} and
 * {@code view-users} of a service account that changes nothing. Every method throws {@link
 * KeycloakUnavailable} if there is no proper answer in time. Thread-safe.
 */
public final class RealmEvents implements Realm {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Those that may take something from somebody. */
    private static final List<String> RESOURCES =
            List.of(
                    "USER",
                    "USER_SESSION",
                    "REALM_ROLE_MAPPING",
                    "GROUP_MEMBERSHIP",
                    "REALM_ROLE",
                    "GROUP",
                    "REALM");

    private final String name;
    private final ServiceAccount account;
    private final ServiceAccount ours;
    private final HttpUrl admin;

    /**
     * @param account that may read
     * @param ours that changes things for us
     */
    RealmEvents(String name, ServiceAccount account, ServiceAccount ours, HttpUrl admin) {
        this.name = name;
        this.account = account;
        this.ours = ours;
        this.admin = admin;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<RealmEvent> events(Instant from, int limit) {
        var deadline = Deadline.in(PATIENCE);
        var changes = page("admin-events", from, limit);
        RESOURCES.forEach(resource -> changes.addQueryParameter("resourceTypes", resource));
        var logouts = page("events", from, limit).addQueryParameter("type", "LOGOUT");
        var ourselves = ours.subject(deadline);
        return Stream.concat(
                        read(changes.build(), deadline, event -> change(event, ourselves)),
                        read(logouts.build(), deadline, RealmEvents::logout))
                .filter(event -> !event.path().isEmpty())
                .sorted(Comparator.comparing(RealmEvent::at))
                .limit(limit)
                .toList();
    }

    @Override
    public User user(String id) {
        var deadline = Deadline.in(PATIENCE);
        var url = admin.newBuilder().addPathSegment("users").addPathSegment(id).build();
        var user = account.send(new Request.Builder().url(url).build(), deadline);
        if (user.status() == 404) {
            return new User.Gone();
        }
        var roles =
                account.send(
                        new Request.Builder()
                                .url(
                                        url.newBuilder()
                                                .addPathSegments("role-mappings/realm/composite")
                                                .build())
                                .build(),
                        deadline);
        if (!user.isSuccess() || !roles.isSuccess()) {
            return new User.Hidden();
        }
        var names = new HashSet<String>();
        roles.body().forEach(role -> names.add(role.path("name").asText()));
        return new User.Known(user.body().path("enabled").asBoolean(), names);
    }

    private HttpUrl.Builder page(String path, Instant from, int limit) {
        return admin.newBuilder()
                .addPathSegment(path)
                .addQueryParameter("dateFrom", String.valueOf(from.toEpochMilli()))
                .addQueryParameter("direction", "asc")
                .addQueryParameter("max", String.valueOf(limit));
    }

    private Stream<RealmEvent> read(
            HttpUrl url, Deadline deadline, Function<JsonNode, RealmEvent> event) {
        var answer = account.send(new Request.Builder().url(url).build(), deadline);
        if (!answer.isSuccess() || !answer.body().isArray()) {
            throw new KeycloakUnavailable("the realm does not tell its events: " + answer.status());
        }
        return StreamSupport.stream(answer.body().spliterator(), false).map(event);
    }

    private static RealmEvent change(JsonNode event, String ourselves) {
        return new RealmEvent(
                event.path("id").asText(),
                Instant.ofEpochMilli(event.path("time").asLong()),
                event.path("resourceType").asText(),
                event.path("operationType").asText(),
                event.path("resourcePath").asText(),
                event.path("authDetails").path("userId").asText().equals(ourselves));
    }

    private static RealmEvent logout(JsonNode event) {
        return new RealmEvent(
                event.path("id").asText(),
                Instant.ofEpochMilli(event.path("time").asLong()),
                RealmEvent.LOGOUT,
                RealmEvent.LOGOUT,
                event.path("sessionId").asText(),
                false);
    }
}
