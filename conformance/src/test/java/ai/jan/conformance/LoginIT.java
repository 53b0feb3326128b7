// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in with a browser at the real Keycloak, and all that may go wrong on the way. */
@ExtendWith(SharedStack.class)
class LoginIT {
    private static final String USER = "bea-" + Long.toString(System.nanoTime(), 36);
    private static final String PASSWORD = "correct horse battery";
    private static final String APPLICATION = "http://localhost:3000/app?tab=1";
    private static final String BROWSER = "__Host-jan_login";
    private static final String PAGE = "text/html,application/xhtml+xml";

    private static TestingStack stack;
    private static Gateway gateway;
    private static TestingKeycloak keycloak;

    /** What a browser knows after it was sent to Keycloak. */
    private record Begun(URI authorization, String cookie) {}

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        gateway = new Gateway(stack.gateway());
        keycloak = new TestingKeycloak(stack.described());
        keycloak.createUser(USER, PASSWORD);
    }

    @Test
    void logsABrowserInWithoutATokenInAnyAddress() throws Exception {
        var begun = begin(APPLICATION);
        var query = query(begun.authorization());
        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "llm-api")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "code_challenge");
        var callback = callback(begun);

        var done = gateway.get(callback, "Accept", PAGE, "Cookie", begun.cookie());

        assertThat(done.status()).as(done.body().toString()).isEqualTo(302);
        assertThat(done.headers().firstValue("Location")).hasValue(APPLICATION);
        var refreshToken = done.cookie("refresh_token");
        assertThat(refreshToken).contains("HttpOnly", "Secure", "SameSite=Strict");
        assertThat(done.cookie(BROWSER)).contains("Max-Age=0");
        var tokens =
                gateway.get("/auth/refresh-token", "Cookie", refreshToken.split(";")[0]).body();
        var access = tokens.path("access_token").asText();
        assertThat(gateway.get("/v1/models", "Authorization", "Bearer " + access).status())
                .isEqualTo(200);
        assertThat(stack.output())
                .doesNotContain(access, tokens.path("refresh_token").asText(), refreshToken)
                .doesNotContain(query(URI.create(callback)).get("code"));
    }

    @Test
    void answersTokensToAProgramThatNamedNoAddress() throws Exception {
        var begun = gateway.get("/llm/auth/login");
        assertThat(begun.status()).isEqualTo(200);
        var cookie = begun.cookie(BROWSER).split(";")[0];
        var url = URI.create(begun.body().path("authorization_url").asText());
        assertThat(query(url)).containsEntry("state", begun.body().path("state").asText());

        var done = gateway.get(callback(new Begun(url, cookie)), "Cookie", cookie);

        assertThat(done.status()).as(done.body().toString()).isEqualTo(200);
        assertThat(done.body().path("access_token").asText()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example/",
                "//localhost:3000/",
                "http://localhost:3000.evil.example/",
                "http://localhost:3000@evil.example/",
                "http://user@localhost:3000/",
                "http:/\\evil.example/",
                "http://localhost:3000\\@evil.example/",
                "https://localhost:3000/",
                "http://localhost:3001/",
                "http://localhost:3000/../../x",
                "http://localhost:3000/#access_token=x",
                "javascript:alert(1)",
                "data:text/html,x",
                "http://localhost:3000/%0d%0aSet-Cookie:x\r\nX: y",
                "/relative",
                "x"
            })
    void sendsBrowsersToNoOtherAddress(String redirect) throws Exception {
        var refused =
                gateway.get("/auth/login?redirect_uri=" + TestingKeycloak.encoded(redirect))
                        .isOpenAiError(400);

        assertThat(refused.code()).isEqualTo("redirect_not_allowed");
        assertThat(refused.headers().map()).doesNotContainKey("location");
    }

    @Test
    void refusesALoginThatAnotherBrowserHasBegun() throws Exception {
        var attacker = begin(APPLICATION);
        var callback = callback(attacker);
        var victim = begin(APPLICATION);

        var refused = gateway.get(callback, "Cookie", victim.cookie()).isOpenAiError(400);
        assertThat(refused.code()).isEqualTo("invalid_state");
        assertThat(refused.headers().allValues("Set-Cookie")).isEmpty();
        gateway.get(callback + "&again=1").isOpenAiError(400);
    }

    @Test
    void leadsABrowserThatKeptItsCookieBackHereOnceMore() throws Exception {
        var begun = begin(APPLICATION);
        var callback = callback(begun);

        var page = gateway.get(callback, "Accept", PAGE);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.contentType()).startsWith("text/html");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
        assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        var html = page.body().textValue();
        var again = html.substring(html.indexOf("url=") + 4, html.indexOf("\"></head>"));
        assertThat(again).startsWith(stack.gateway() + "/auth/callback?").contains("again=1");

        var done =
                gateway.get(again.replace("&amp;", "&"), "Accept", PAGE, "Cookie", begun.cookie());
        assertThat(done.status()).isEqualTo(302);
    }

    @Test
    void refusesAStateThatWasForgedAndACodeThatWasUsed() throws Exception {
        var begun = begin(APPLICATION);
        var callback = callback(begun);
        var state = query(URI.create(callback)).get("state");
        for (var forged :
                new String[] {
                    "",
                    "x",
                    "e30.e30.e30",
                    state + "A",
                    state.substring(1),
                    "eyJhbGciOiJub25lIn0." + state.split("\\.")[1] + "."
                }) {
            var refused = gateway.get(callback.replace(state, forged), "Cookie", begun.cookie());
            assertThat(refused.isOpenAiError(400).code()).as(forged).isEqualTo("invalid_state");
        }
        assertThat(gateway.get(callback, "Cookie", begun.cookie()).status()).isEqualTo(302);
        var replayed = gateway.get(callback, "Cookie", begun.cookie()).isOpenAiError(400);
        assertThat(replayed.code()).isEqualTo("login_failed");
    }

    @Test
    void usesNoCodeOfOneLoginInAnother() throws Exception {
        var first = begin(APPLICATION);
        var code = query(URI.create(callback(first))).get("code");
        var second = begin(APPLICATION, "Cookie", first.cookie());
        var state = query(second.authorization()).get("state");

        var refused =
                gateway.get(
                                "/auth/callback?code=" + code + "&state=" + state,
                                "Cookie",
                                first.cookie())
                        .isOpenAiError(400);
        assertThat(refused.code()).isEqualTo("login_failed");
    }

    @Test
    void tellsTheApplicationThatThePersonGaveUp() throws Exception {
        var begun = begin(APPLICATION);
        var path = "/auth/callback?error=access_denied&state=";

        var done =
                gateway.get(
                        path + query(begun.authorization()).get("state"), "Cookie", begun.cookie());

        assertThat(done.status()).isEqualTo(302);
        assertThat(done.headers().firstValue("Location"))
                .hasValue(APPLICATION + "&error=access_denied");
    }

    private static Begun begin(String redirect, String... headers) throws Exception {
        var all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Accept";
        all[headers.length + 1] = PAGE;
        var reply =
                gateway.get("/auth/login?redirect_uri=" + TestingKeycloak.encoded(redirect), all);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(302);
        assertThat(reply.cookie(BROWSER))
                .contains("HttpOnly", "Secure", "SameSite=Strict", "Path=/")
                .doesNotContain("Domain");
        return new Begun(
                URI.create(reply.headers().firstValue("Location").orElseThrow()),
                reply.cookie(BROWSER).split(";")[0]);
    }

    /** Where Keycloak sends the browser after the login page. */
    private static String callback(Begun begun) throws Exception {
        return keycloak.logIn(begun.authorization(), USER, PASSWORD).toString();
    }

    private static Map<String, String> query(URI url) {
        return Arrays.stream(url.getRawQuery().split("&"))
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(argument -> argument[0], argument -> argument[1]));
    }
}
