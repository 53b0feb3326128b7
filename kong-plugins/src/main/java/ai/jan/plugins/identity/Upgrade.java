// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.keycloak.Deadline;
import ai.jan.plugins.keycloak.GuestAccounts;
import ai.jan.plugins.keycloak.GuestAccounts.Change;
import ai.jan.plugins.revocation.Revocations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Makes a guest a user: the same account with the same subject, so that everything the guest owns
 * stays the user's.
 */
final class Upgrade {
    private static final Duration PATIENCE = Duration.ofSeconds(7);
    private static final String GUEST = "guest";
    private static final int MAX_TEXT = 255;

    private final GuestAccounts guests;
    private final String client;
    private final Revocations revocations;
    private final InstantSource clock;

    /**
     * @param client the public client that mails lead back to
     */
    Upgrade(GuestAccounts guests, String client, Revocations revocations, InstantSource clock) {
        this.guests = guests;
        this.client = client;
        this.revocations = revocations;
        this.clock = clock;
    }

    void addTo(Endpoints endpoints) {
        endpoints.on("POST", "/auth/upgrade", (call, _) -> upgrade(call));
    }

    /**
     * Each step can be done again, and the guest is one until the last: whoever is told 503 tries
     * again.
     */
    private Reply upgrade(Call call) {
        var guest = guest(call);
        var email =
                call.text("email", MAX_TEXT)
                        .orElseThrow(
                                () -> ApiProblem.badRequest(null, "email", "email is missing."));
        var name = call.text("full_name", MAX_TEXT).orElse("");
        var password = password(call);
        var deadline = Deadline.in(PATIENCE);

        password.ifPresent(text -> check(guests.setPassword(guest, text, deadline)));
        check(guests.describe(guest, email, name, deadline));
        var actions =
                password.isPresent()
                        ? List.of("VERIFY_EMAIL")
                        : List.of("VERIFY_EMAIL", "UPDATE_PASSWORD");
        boolean isMailed = guests.sendMail(guest, client, actions, deadline);
        var revokedAt = revoke(guest);
        guests.promote(guest, deadline);
        awaitNextSecond(revokedAt);
        return Reply.of(
                200,
                Json.object()
                        .put("status", "upgraded")
                        .put("id", guest)
                        .put("subject", guest)
                        .put("email", email)
                        .put("email_verified", false)
                        .put("verification_mail_sent", isMailed)
                        .put("password_set", password.isPresent()));
    }

    private static String guest(Call call) {
        var caller = call.caller();
        if (caller.method() == Identity.Method.API_KEY) {
            throw new ApiProblem(
                    403,
                    ApiProblem.INVALID_REQUEST,
                    "access_token_required",
                    null,
                    "An API key cannot upgrade an account. Send the guest's access token.");
        }
        if (!caller.roles().contains(GUEST)) {
            throw new ApiProblem(
                    409,
                    ApiProblem.INVALID_REQUEST,
                    "not_a_guest",
                    null,
                    "This account is a user's already.");
        }
        return caller.subject();
    }

    /** As it was typed: blanks count. */
    private static Optional<String> password(Call call) {
        return call.text("password", MAX_TEXT).map(_ -> call.json().path("password").textValue());
    }

    private static void check(Change change) {
        switch (change) {
            case Change.Done() -> {}
            case Change.EmailTaken() ->
                    throw new ApiProblem(
                            409,
                            ApiProblem.INVALID_REQUEST,
                            "email_taken",
                            "email",
                            "There is an account with this e-mail address.");
            case Change.Refused(var field, var reason) -> throw refused(field, reason);
        }
    }

    private static ApiProblem refused(String field, String reason) {
        return switch (field) {
            case "email" ->
                    ApiProblem.badRequest(
                            "invalid_email", "email", "email must be an e-mail address.");
            case "password" ->
                    ApiProblem.badRequest(
                            "invalid_password",
                            "password",
                            reason.isEmpty() ? "This password is not accepted." : reason);
            default ->
                    ApiProblem.badRequest(
                            "invalid_full_name",
                            "full_name",
                            "full_name has characters that a name may not have.");
        };
    }

    /** Refuses the tokens in which he is a guest; who has a refresh token gets others. */
    private Instant revoke(String subject) {
        var now = clock.instant();
        revocations.subject(subject, now, now.plus(Revocations.LONGEST_TOKEN));
        return now;
    }

    /**
     * A token tells only the second it was issued in, so one that the client gets in this same
     * second would be refused with the old ones.
     */
    private void awaitNextSecond(Instant revokedAt) {
        var next = revokedAt.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        var left = Duration.between(clock.instant(), next);
        try {
            Thread.sleep(left.isNegative() ? Duration.ZERO : left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the account is a user's all the same
        }
    }
}
