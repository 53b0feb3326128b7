// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The repository's kong.yml sends each request where it belongs. Our plugins are played by blank
 * ones.
 */
class RepositoryFilesIT {
    private static final Path ROOT = Path.of("..");
    private static final String AUTH =
            """
            {"Protocol": "ProtoBuf:1", "Plugins": [{"Name": "jan-auth", "Phases": [],
              "Version": "1.0.0", "Priority": 1251, "Schema": {"name": "jan-auth", "fields": [
                {"config": {"type": "record", "fields": [
                  {"audience": {"type": "string", "required": true}},
                  {"issuer": {"type": "string", "referenceable": true}},
                  {"jwks_uri": {"type": "string", "referenceable": true}},
                  {"consumers": {"type": "map", "keys": {"type": "string"},
                    "values": {"type": "string"}}},
                  {"public_url": {"type": "string", "referenceable": true}},
                  {"resource": {"type": "string"}}]}}]}}]}
            """;
    private static final String IDENTITY =
            """
            {"Protocol": "ProtoBuf:1", "Plugins": [{"Name": "jan-identity", "Phases": [],
              "Version": "1.0.0", "Priority": 800, "Schema": {"name": "jan-identity", "fields": [
                {"config": {"type": "record", "fields": [
                  {"issuer": {"type": "string", "referenceable": true}},
                  {"public_url": {"type": "string", "referenceable": true}},
                  {"login_redirects": {"type": "array", "elements": {"type": "string"}}}]}}]}}]}
            """;

    private static final String QUOTA =
            """
            {"Protocol": "ProtoBuf:1", "Plugins": [{"Name": "jan-quota", "Phases": [],
              "Version": "1.0.0", "Priority": 905, "Schema": {"name": "jan-quota", "fields": [
                {"config": {"type": "record", "fields": [
                  {"audience": {"type": "string", "required": true}},
                  {"plans": {"type": "map", "keys": {"type": "string"},
                    "values": {"type": "record", "fields": [
                      {"user": {"type": "record", "fields": [
                        {"requests_per_minute": {"type": "integer"}},
                        {"requests_per_day": {"type": "integer"}},
                        {"tokens_per_minute": {"type": "integer"}},
                        {"tokens_per_day": {"type": "integer"}},
                        {"tokens_per_month": {"type": "integer"}},
                        {"concurrent_requests": {"type": "integer"}}]}},
                      {"on_store_failure": {"type": "string"}}]}}}]}}]}}]}
            """;

    private static final String REWRITE =
            """
            {"Protocol": "ProtoBuf:1", "Plugins": [{"Name": "jan-rewrite", "Phases": [],
              "Version": "1.0.0", "Priority": 940, "Schema": {"name": "jan-rewrite", "fields": [
                {"config": {"type": "record", "fields": [
                  {"audience": {"type": "string", "required": true}},
                  {"plans": {"type": "map", "keys": {"type": "string"},
                    "values": {"type": "record", "fields": [
                      {"models": {"type": "set", "elements": {"type": "string"}}},
                      {"output_tokens": {"type": "integer"}},
                      {"max_output_tokens": {"type": "integer"}},
                      {"max_choices": {"type": "integer"}},
                      {"max_prompts": {"type": "integer"}}]}}}]}}]}}]}
            """;

    private static TestingUpstream llm;
    private static TestingUpstream mcp;
    private static TestingGateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        llm = TestingUpstream.start("llm", 0);
        mcp = TestingUpstream.start("mcp", 0);
        Files.writeString(folder.resolve("auth.json"), AUTH);
        Files.writeString(folder.resolve("identity.json"), IDENTITY);
        Files.writeString(folder.resolve("rewrite.json"), REWRITE);
        Files.writeString(folder.resolve("quota.json"), QUOTA);
        var hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 llm-api-lite mcp-tools");
        var conf =
                Files.readString(ROOT.resolve("kong.conf"))
                        .replaceAll(
                                "(?m)^(pluginserver_jan_([a-z]+)_query_cmd =).*$",
                                "$1 cat " + folder + "/$2.json")
                        .replaceAll("(?m)^(error_template_[a-z]+ =).*$", "$1 ../kong/error.json");
        gateway =
                TestingGateway.start(
                        folder,
                        Files.readString(ROOT.resolve("kong.yml"))
                                .replace("llm-api-lite:8080", "llm-api-lite:" + llm.port())
                                .replace("mcp-tools:8091", "mcp-tools:" + mcp.port()),
                        conf + "\ndns_hostsfile = " + hosts + "\n");
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        llm.close();
        mcp.close();
    }

    private static RawClient.Response request(String method, String path, String... headers)
            throws IOException {
        try (var client = gateway.client()) {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
            for (var header : headers) {
                client.send(header + "\r\n");
            }
            return client.send("\r\n").response();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/models, llm, /v1/models",
        "GET, /llm/v1/models, llm, /v1/models",
        "POST, /v1/chat/completions?x=1, llm, /v1/chat/completions?x=1",
        "POST, /mcp, mcp, /v1/mcp",
        "POST, /v1/mcp, mcp, /v1/mcp",
        "GET, /healthz, llm, /healthz",
        "GET, /llm/healthz, llm, /healthz",
        "GET, /readyz, llm, /readyz",
    })
    void reachesTheService(String method, String path, String upstream, String target)
            throws Exception {
        assertThat(request(method, path).text())
                .contains("\"upstream\": \"" + upstream + "\"", "\"target\": \"" + target + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /",
        "GET, /v1",
        "GET, /v2/models",
        "POST, /healthz",
        "GET, /healthz/x",
        "GET, /mcpx",
        "GET, /llm/readyz",
        "GET, /auth/other",
        "GET, /metrics"
    })
    void isNoRoute(String method, String path) throws Exception {
        assertThat(request(method, path).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /auth/guest-login, 30",
        "POST, /llm/auth/guest-login, 30",
        "GET, /auth/refresh-token, 240",
        "GET, /llm/auth/login, 240",
        "GET, /auth/callback, 240",
        "POST, /auth/logout, 240",
    })
    void limitsByAddressWhatNeedsNoCredential(String method, String path, String limit)
            throws Exception {
        var response = request(method, path, "Content-Length: 0");
        assertThat(response.header("X-RateLimit-Limit-Minute")).isEqualTo(limit);
    }

    @Test
    void answersPreflightsBeforeAnyoneIsAskedWhoTheyAre() throws Exception {
        var response =
                request(
                        "OPTIONS",
                        "/v1/conversations/x",
                        "Origin: http://localhost:3000",
                        "Access-Control-Request-Method: DELETE",
                        "Access-Control-Request-Headers: authorization");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Access-Control-Allow-Origin"))
                .isEqualTo("http://localhost:3000");
        assertThat(response.header("Access-Control-Allow-Methods")).contains("DELETE");
        assertThat(response.header("Access-Control-Allow-Headers")).isEqualTo("authorization");
    }

    @Test
    void givesEveryAnswerARequestId() throws Exception {
        assertThat(request("GET", "/none").header("X-Request-Id")).isNotEmpty();
        assertThat(request("GET", "/v1/models", "X-Request-Id: mine").header("X-Request-Id"))
                .isEqualTo("mine");
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        var response = request("POST", "/v1/files", "Content-Length: 9000000");
        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).contains("\"error\":{\"message\":\"Payload too large\"");
    }
}
