// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.gateway.config.InvalidConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stand-in cannot serve stops it, with the names of all fields at once. */
class ConfigurationIT {
    @TempDir Path folder;

    private List<String> problems(String kongYml, String kongConf) {
        var refusal =
                catchThrowableOfType(
                        InvalidConfiguration.class,
                        () -> TestingGateway.start(folder, kongYml, kongConf).close());
        return Objects.requireNonNull(refusal, "was not refused").problems().stream()
                .map(problem -> problem.replaceFirst("^\\S*/kong.yml:\\d+: ", ""))
                .toList();
    }

    @Test
    void namesEveryFieldItRefuses() {
        var problems =
                problems(
                        """
                        _format_version: "3.0"
                        certificates: [{name: pool}]
                        services:
                          - name: s
                            host: h.test
                            protocol: grpc
                            read_timeout: 0
                            colour: blue
                            routes:
                              - name: r
                                paths: [nope, "/a//b", "~/a("]
                                strip_path: "yes"
                        """,
                        "");
        assertThat(problems)
                .contains(
                        "certificates: the stand-in does not support this field",
                        "services[0].protocol: the stand-in only supports http and https, not"
                                + " 'grpc'",
                        "services[0].read_timeout: value should be between 1 and 2147483646",
                        "services[0].colour: unknown field",
                        "services[0].routes[0].paths: should start with: / (fixed path) or ~/"
                                + " (regex path)",
                        "services[0].routes[0].paths: must not have empty segments",
                        "services[0].routes[0].strip_path: expected a boolean");
    }

    @Test
    void tellsTheLineOfAField() throws Exception {
        var kongYml =
                Files.writeString(
                        folder.resolve("kong.yml"),
                        """
                        _format_version: "3.0"
                        services:
                          - name: s
                            url: http://h.test
                            routes:
                              - name: r
                                paths:
                                  - /r
                                plugins:
                                  - name: cors
                                    config: {max_age: soon}
                        """);
        var problems =
                catchThrowableOfType(
                                InvalidConfiguration.class,
                                () ->
                                        StandIn.check(
                                                Map.of("--config", kongYml.toString()), Map.of()))
                        .problems();
        assertThat(problems)
                .containsExactly(
                        kongYml
                                + ":11: services[0].routes[0].plugins[0].config.max_age: expected a"
                                + " number");
    }

    @Test
    void validatesPluginsBySchema() {
        var problems =
                problems(
                        """
                        _format_version: "3.0"
                        plugins:
                          - {name: key-auth}
                          - {name: no-such}
                          - {name: cors, config: {methods: [FOO], origin: x}}
                          - {name: rate-limiting, config: {policy: redis}}
                          - {name: request-termination, config: {status_code: 99}}
                        """,
                        "");
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "plugins[0].name: the stand-in does not support the bundled plugin"
                                + " 'key-auth'",
                        "plugins[1].name: plugin 'no-such' not enabled; add it to the 'plugins'"
                                + " configuration property",
                        "plugins[2].config.methods[0]: expected one of: GET, HEAD, PUT, PATCH,"
                                + " POST, DELETE, OPTIONS, TRACE, CONNECT",
                        "plugins[2].config.origin: unknown field",
                        "plugins[3].config.policy: expected one of: local",
                        "plugins[3].config: at least one of these fields must be non-empty: second,"
                                + " minute, hour, day, month, year",
                        "plugins[4].config.status_code: value should be between 100 and 599");
    }

    @Test
    void refusesSettingsItDoesNotServe() {
        var problems =
                problems(
                        "_format_version: \"3.0\"\n",
                        """
                        router_flavor = traditional
                        admin_listen = 0.0.0.0:8001
                        lua_ssl_verify_depth = 2
                        trusted_ips = 10.0.0.0/99
                        plugins = bundled,absent
                        """);
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "lua_ssl_verify_depth: the stand-in does not support this kong.conf key",
                        "router_flavor: the stand-in only supports traditional_compatible, not:"
                                + " traditional",
                        "admin_listen: must be off or on a loopback address: 0.0.0.0:8001",
                        "trusted_ips: invalid ip or cidr range: '10.0.0.0/99'",
                        "plugins: absent plugin is enabled but not installed");
    }

    @Test
    void refusesADocumentThatIsNoConfiguration() {
        assertThat(problems("hello", "").getFirst())
                .endsWith("failed parsing declarative configuration: expected an object");
    }
}
