// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of guests, through Keycloak's Admin REST API. A guest is a member of the group
 * {@code guests}, which has the realm role {@code guest}; who signs up moves to the group {@code
 * users}. Our service account may manage the members of {@code guests} and nobody else, so that an
 * account is out of its reach from then on. Thread-safe.
 */
public final class GuestAccounts {
    /** The ids of the two groups in {@code realm-jan.json}, where permissions name them too. */
    static final String GUESTS = "6a616e00-0000-4000-8000-00000000000a";

    static final String USERS = "6a616e00-0000-4000-8000-00000000000b";

    private static final MediaType JSON = MediaType.get("application/json");
    private static final RequestBody EMPTY = RequestBody.create(new byte[0], JSON);

    private final ServiceAccount account;
    private final HttpUrl realm;

    /**
     * @param realm in the Admin REST API
     */
    GuestAccounts(ServiceAccount account, HttpUrl realm) {
        this.account = account;
        this.realm = realm;
    }

    /**
     * Makes an account that is a guest's, and no user's.
     *
     * @param password that only Keycloak and the caller know
     * @return its subject
     */
    public String create(String username, String publicId, String password, Deadline deadline) {
        var user = Json.object().put("username", username).put("enabled", true);
        user.putArray("groups").add("/guests");
        var attributes = user.putObject("attributes");
        attributes.putArray("guest").add("true");
        attributes.putArray("pid").add(publicId);
        user.putArray("credentials").add(credential(password));
        var created = send("POST", at("users"), user, deadline);
        var location = created.location();
        if (created.status() != 201 || location == null) {
            throw unexpected("making a guest", created);
        }
        var subject = location.substring(location.lastIndexOf('/') + 1);
        // Every new account is in the group of users by itself.
        expect("making a guest", send("DELETE", group(subject, USERS), null, deadline));
        return subject;
    }

    private static JsonNode credential(String password) {
        return Json.object().put("type", "password").put("value", password).put("temporary", false);
    }

    /** What came of a change that a guest has asked for. */
    public sealed interface Change {
        record Done() implements Change {}

        /**
         * @param field as Keycloak names it: {@code email}, {@code firstName}, {@code password}
         * @param reason Keycloak's, an identifier or a sentence
         */
        record Refused(String field, String reason) implements Change {}

        /** Somebody else has that e-mail address. */
        record EmailTaken() implements Change {}
    }

    public Change setPassword(String subject, String password, Deadline deadline) {
        var url = user(subject).addPathSegment("reset-password").build();
        var answer = send("PUT", url, credential(password), deadline);
        return answer.status() == 400
                ? new Change.Refused("password", answer.body().path("error_description").asText(""))
                : done("setting a password", answer);
    }

    /**
     * Gives the account an address, which is not verified yet, and a name.
     *
     * @param name empty if it has none
     */
    public Change describe(String subject, String email, String name, Deadline deadline) {
        var known = send("GET", user(subject).build(), null, deadline);
        expect("reading a guest", known);
        var user = Json.object().put("email", email).put("emailVerified", false);
        if (!name.isEmpty()) {
            user.put("firstName", name);
        }
        // Attributes that are left out would be removed.
        var attributes = user.putObject("attributes");
        known.body()
                .path("attributes")
                .properties()
                .forEach(attribute -> attributes.set(attribute.getKey(), attribute.getValue()));
        attributes.putArray("guest").add("false");
        var answer = send("PUT", user(subject).build(), user, deadline);
        return switch (answer.status()) {
            case 400 -> refused(answer.body());
            case 409 -> new Change.EmailTaken();
            default -> done("describing a user", answer);
        };
    }

    private static Change refused(JsonNode body) {
        var first = body.has("errors") ? body.path("errors").path(0) : body;
        return new Change.Refused(
                first.path("field").asText(""), first.path("errorMessage").asText(""));
    }

    /**
     * Has Keycloak write to the account's address, so that its owner confirms it.
     *
     * @param actions Keycloak's required actions, such as {@code VERIFY_EMAIL}
     * @return whether it did; a realm without a mail server does not
     */
    public boolean sendMail(
            String subject, String publicClient, List<String> actions, Deadline deadline) {
        var url =
                user(subject)
                        .addPathSegment("execute-actions-email")
                        .addQueryParameter("client_id", publicClient)
                        .build();
        try {
            var body = Json.array();
            actions.forEach(body::add);
            return send("PUT", url, body, deadline).isSuccess();
        } catch (KeycloakUnavailable e) {
            return false;
        }
    }

    /** Makes a guest a user. Last of all, because then it is out of our reach. */
    public void promote(String subject, Deadline deadline) {
        expect("adding to users", send("PUT", group(subject, USERS), Json.object(), deadline));
        expect("removing from guests", send("DELETE", group(subject, GUESTS), null, deadline));
    }

    /** A guest's account. */
    public record Guest(String subject, Instant createdAt) {}

    /**
     * Some of the guests, in an order that stays the same.
     *
     * @param first how many to pass over
     */
    public List<Guest> list(int first, int max, Deadline deadline) {
        var url =
                at("groups")
                        .newBuilder()
                        .addPathSegment(GUESTS)
                        .addPathSegment("members")
                        .addQueryParameter("first", String.valueOf(first))
                        .addQueryParameter("max", String.valueOf(max))
                        .addQueryParameter("briefRepresentation", "true")
                        .build();
        var answer = send("GET", url, null, deadline);
        expect("listing guests", answer);
        var guests = new ArrayList<Guest>();
        for (var member : answer.body()) {
            guests.add(
                    new Guest(
                            member.path("id").asText(),
                            Instant.ofEpochMilli(member.path("createdTimestamp").asLong())));
        }
        return guests;
    }

    /** Removes a guest's account and its sessions. */
    public void remove(String subject, Deadline deadline) {
        expect("removing a guest", send("DELETE", user(subject).build(), null, deadline));
    }

    private HttpUrl at(String collection) {
        return realm.newBuilder().addPathSegment(collection).build();
    }

    private HttpUrl.Builder user(String subject) {
        return at("users").newBuilder().addPathSegment(subject);
    }

    private HttpUrl group(String subject, String group) {
        return user(subject).addPathSegment("groups").addPathSegment(group).build();
    }

    private KeycloakHttp.Answer send(
            String method, HttpUrl url, @Nullable JsonNode body, Deadline deadline) {
        var content =
                body == null
                        ? (method.equals("GET") ? null : EMPTY)
                        : RequestBody.create(Json.bytes(body), JSON);
        return account.send(
                new Request.Builder().url(url).method(method, content).build(), deadline);
    }

    private static Change done(String what, KeycloakHttp.Answer answer) {
        expect(what, answer);
        return new Change.Done();
    }

    private static void expect(String what, KeycloakHttp.Answer answer) {
        if (!answer.isSuccess()) {
            throw unexpected(what, answer);
        }
    }

    private static KeycloakUnavailable unexpected(String what, KeycloakHttp.Answer answer) {
        return new KeycloakUnavailable(what + " was answered " + answer.status());
    }
}
