// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.ProtectedResource;
import ai.jan.plugins.keycloak.Deadline;
import ai.jan.plugins.keycloak.TokenEndpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * Logging in with a browser: authorization code with PKCE (RFC 6749 4.1, RFC 7636, RFC 9700). No
 * token is ever part of an address. Both ends must be visited by the same browser.
 */
final class LoginEndpoints {
    /** The prefix keeps other hosts of the same site from setting it. */
    static final String COOKIE = "__Host-jan_login";

    private static final String CALLBACK = "/auth/callback";
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Pattern BROWSER = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._~-]{1,2048}");
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");
    private static final String SECOND_VISIT = "again";

    /** What jan-identity is configured with. */
    record Setup(
            HttpUrl authorization, String callback, String client, AllowedRedirects redirects) {
        /** Nothing if the addresses are missing, as an unset vault reference is. */
        static Optional<Setup> of(IdentityConfig config) {
            var issuer = HttpUrl.parse(config.issuer());
            return ProtectedResource.at(config.publicUrl())
                    .filter(_ -> issuer != null)
                    .map(gateway ->
                            new Setup(
                                    HttpUrl.get(config.issuer())
                                            .newBuilder()
                                            .addPathSegments("protocol/openid-connect/auth")
                                            .build(),
                                    gateway.url(CALLBACK),
                                    config.clientId(),
                                    new AllowedRedirects(config.loginRedirects())));
        }
    }

    private final Setup setup;
    private final TokenEndpoint tokens;
    private final LoginState states;
    private final InstantSource clock;

    LoginEndpoints(Setup setup, TokenEndpoint tokens, LoginState states, InstantSource clock) {
        this.setup = setup;
        this.tokens = tokens;
        this.states = states;
        this.clock = clock;
    }

    void addTo(Endpoints endpoints) {
        endpoints
                .on("GET", "/auth/login", (call, _) -> login(call))
                .on("GET", CALLBACK, (call, _) -> callback(call));
    }

    private Reply login(Call call) {
        var redirect =
                call.argument("redirect_uri").or(() -> call.argument("redirect_url")).orElse(null);
        if (redirect != null && !setup.redirects().allows(redirect)) {
            throw ApiProblem.badRequest(
                    "redirect_not_allowed",
                    "redirect_uri",
                    "redirect_uri is not among the addresses that are allowed here.");
        }
        // Logins in several tabs share the cookie.
        var browser =
                call.cookie(COOKIE)
                        .filter(known -> BROWSER.matcher(known).matches())
                        .orElseGet(states::newBrowser);
        var login = states.begin(browser, redirect);
        var state = states.sign(login);
        var url =
                setup.authorization()
                        .newBuilder()
                        .addQueryParameter("response_type", "code")
                        .addQueryParameter("client_id", setup.client())
                        .addQueryParameter("redirect_uri", setup.callback())
                        .addQueryParameter("scope", "openid")
                        .addQueryParameter("state", state)
                        .addQueryParameter("code_challenge", states.challenge(login))
                        .addQueryParameter("code_challenge_method", "S256")
                        .build()
                        .toString();
        var reply =
                call.wantsPage()
                        ? Reply.redirect(url)
                        : Reply.of(
                                200,
                                Json.object().put("authorization_url", url).put("state", state));
        return reply.with(Cookies.of(COOKIE, browser, LoginState.LIFETIME));
    }

    private Reply callback(Call call) {
        var state = call.argument("state").orElse("");
        var login = states.verify(state).orElseThrow(LoginEndpoints::unknownLogin);
        var browser = call.cookie(COOKIE);
        if (browser.isEmpty() && call.argument(SECOND_VISIT).isEmpty()) {
            return secondVisit(call, state);
        }
        if (browser.isEmpty() || !LoginState.beganIn(login, browser.get())) {
            throw unknownLogin();
        }
        var redirect = Optional.ofNullable(login.redirect()).filter(setup.redirects()::allows);
        var error = call.argument("error").filter(text -> ERROR.matcher(text).matches());
        if (error.isPresent()) {
            return redirect.map(to -> Reply.redirect(with(to, "error", error.get())))
                    .orElseThrow(() -> failed(error.get()))
                    .with(Cookies.cleared(COOKIE));
        }
        var fresh =
                tokens.byCode(
                                setup.client(),
                                code(call),
                                states.verifier(login),
                                setup.callback(),
                                Deadline.in(PATIENCE))
                        .orElseThrow(() -> failed("invalid_grant"));
        return redirect.map(Reply::redirect)
                .orElseGet(() -> Reply.of(200, IssuedTokens.body(fresh, clock.instant())))
                .with(IssuedTokens.cookie(fresh), Cookies.cleared(COOKIE));
    }

    /**
     * If Keycloak is another site, the browser did not send our cookie, as it was Keycloak that led
     * it here. It does when this page leads it here.
     */
    private Reply secondVisit(Call call, String state) {
        var arguments = Map.of("state", state, SECOND_VISIT, "1");
        var url = HttpUrl.get(setup.callback()).newBuilder();
        arguments.forEach(url::addQueryParameter);
        call.argument("error")
                .filter(text -> ERROR.matcher(text).matches())
                .ifPresentOrElse(
                        error -> url.addQueryParameter("error", error),
                        () -> url.addQueryParameter("code", code(call)));
        // Of the characters in this address only & means something in HTML.
        return Reply.page(
                """
                <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Logging in</title>
                <meta http-equiv="refresh" content="0; url=%s"></head><body></body></html>
                """
                        .formatted(url.build().toString().replace("&", "&amp;")));
    }

    private static String code(Call call) {
        return call.argument("code")
                .filter(text -> CODE.matcher(text).matches())
                .orElseThrow(() ->
                        ApiProblem.badRequest(null, "code", "The authorization code is missing."));
    }

    private static String with(String url, String name, String value) {
        return HttpUrl.get(url).newBuilder().addQueryParameter(name, value).build().toString();
    }

    /** Forged, too old, or begun elsewhere: the three look alike. */
    private static ApiProblem unknownLogin() {
        return ApiProblem.badRequest(
                "invalid_state",
                "state",
                "This login has expired or was begun in another browser. Log in again.");
    }

    private static ApiProblem failed(String reason) {
        return ApiProblem.badRequest(
                "login_failed", null, "The login did not succeed (" + reason + "). Log in again.");
    }
}
