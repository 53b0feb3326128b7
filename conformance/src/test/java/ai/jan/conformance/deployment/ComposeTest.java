// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.config.PlatformSettings;
import ai.jan.kit.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What compose.yaml promises, and where it has to agree with other files. */
class ComposeTest {
    private static final Pattern PROFILE = Pattern.compile("--profile ([a-z-]+)");

    private final ComposeFile compose = ComposeFile.read();

    ComposeTest() throws IOException {}

    @Test
    void publishesTheFiveDocumentedPortsAndNoOther() {
        var published =
                compose.services().stream()
                        .flatMap(service -> service.ports().stream())
                        .map(port -> ComposeFile.resolved(port, _ -> ""))
                        .distinct()
                        .toList();

        assertThat(published)
                .containsExactlyInAnyOrder(
                        "8000:8000",
                        "127.0.0.1:8085:8080",
                        "127.0.0.1:9090:9090",
                        "127.0.0.1:16686:16686",
                        "127.0.0.1:3001:3000");
    }

    @Test
    void pinsEveryImageItDoesNotBuild() {
        assertThat(compose.services())
                .filteredOn(service -> !service.isBuiltHere())
                .extracting(ComposeFile.Service::image)
                .allMatch(image -> image.matches(".+:(v?\\d+\\.\\d+|server-\\d{8}).*"));
    }

    @Test
    void hasTheVersionsThatTheTestsRunWith() throws IOException {
        var pom = Files.readString(ComposeFile.ROOT.resolve("pom.xml"));

        assertThat(compose.service("keycloak").image())
                .endsWith(":" + property(pom, "keycloak.version"));
        assertThat(property(pom, "zonky-binaries.version"))
                .startsWith(compose.service("api-db").image().replace("postgres:", "") + ".");
        assertThat(compose.service("kong").image()).startsWith("kong:3.9.");
    }

    @Test
    void tellsOurProcessesNothingTheyDoNotKnow() {
        assertThat(compose.services())
                .filteredOn(ComposeFile.Service::isBuiltHere)
                .flatExtracting(service -> service.environment().keySet())
                .filteredOn(name -> name.toString().startsWith("JAN_"))
                .isNotEmpty()
                .allMatch(name -> PlatformSettings.NAMES.contains(name));
    }

    @Test
    void takesEverySecretFromTheEnvironment() {
        var secret = Pattern.compile("PASSWORD|SECRET|PEPPER|IDENTITY_KEY|API_KEY$");

        compose.named()
                .forEach((name, service) ->
                        assertThat(service.environment())
                                .as(name)
                                .allSatisfy((variable, value) -> {
                                    if (secret.matcher(variable).find()) {
                                        assertThat(value).matches("\\$\\{[A-Z_]+:\\?run make env}");
                                    }
                                }));
    }

    @Test
    void runsOurProcessesAndKongWithoutRightsAndWithoutAWritableDisk() {
        var ours =
                Stream.concat(
                                compose.named().entrySet().stream()
                                        .filter(entry -> entry.getValue().isBuiltHere()),
                                Stream.of(Map.entry("kong", compose.service("kong"))))
                        .filter(entry -> !entry.getKey().equals("kong-dumps"))
                        .toList();

        assertThat(ours)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(entry -> {
                    var service = entry.getValue();
                    assertThat(service.field("user")).as(entry.getKey()).isEqualTo("1000:1000");
                    assertThat(service.field("read_only")).isEqualTo(true);
                    assertThat(service.field("cap_drop")).isEqualTo(List.of("ALL"));
                    assertThat(service.field("mem_limit")).isNotNull();
                });
    }

    @Test
    void mountsOnlyFilesThatAreThere() {
        assertThat(compose.services())
                .flatExtracting(ComposeFile.Service::volumes)
                .map(volume -> ComposeFile.resolved(volume.toString(), _ -> "").split(":")[0])
                .filteredOn(source -> source.startsWith("."))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(ComposeFile.FOLDER.resolve(source)).exists());
    }

    @Test
    void startsWhatAServiceDependsOnTogetherWithIt() throws IOException {
        var targets = Files.readAllLines(ComposeFile.FOLDER.resolve("targets.mk"));
        var commands = targets.stream().filter(line -> line.contains(" up --detach")).toList();

        assertThat(commands)
                .hasSizeGreaterThanOrEqualTo(7)
                .allSatisfy(command -> {
                    var profiles =
                            PROFILE.matcher(command)
                                    .results()
                                    .map(match -> match.group(1))
                                    .toList();
                    var started = compose.withProfiles(profiles);
                    assertThat(started.values())
                            .as(command)
                            .flatExtracting(service -> service.dependencies().keySet())
                            .allMatch(started::containsKey);
                });
    }

    @Test
    void waitsForTheHealthOfWhatHasAHealthCheck() {
        compose.named()
                .forEach((name, service) ->
                        service.dependencies()
                                .forEach((dependency, condition) ->
                                        assertThat(String.valueOf(condition))
                                                .as(name + " waits for " + dependency)
                                                .matches(
                                                        isOneShot(dependency)
                                                                ? ".*completed_successfully.*"
                                                                : ".*service_healthy.*")));
    }

    @Test
    void tellsKongAllThatItsFilesLeaveToTheEnvironment() throws IOException {
        var declared = Files.readString(ComposeFile.ROOT.resolve("kong.yml"));
        var wanted =
                Pattern.compile("\\{vault://env/([a-z-]+)}")
                        .matcher(declared)
                        .results()
                        .map(match ->
                                match.group(1).toUpperCase(java.util.Locale.ROOT).replace('-', '_'))
                        .distinct()
                        .toList();

        assertThat(wanted).isNotEmpty();
        assertThat(compose.service("kong").environment())
                .containsKeys(wanted.toArray(String[]::new));
        assertThat(compose.service("kong-with-database").environment())
                .containsKeys(wanted.toArray(String[]::new));
    }

    @Test
    void givesTheRealmTheSecretsOfItsClientsWhenKeycloakStarts() throws Exception {
        var folder = Files.createTempDirectory("import");
        var start =
                new ProcessBuilder("bash", ComposeFile.FOLDER.resolve("keycloak/start").toString())
                        .redirectErrorStream(true);
        start.environment()
                .putAll(
                        Map.of(
                                "REALM",
                                ComposeFile.ROOT
                                        .resolve("keycloak-realm/realm-jan.json")
                                        .toString(),
                                "IMPORT",
                                folder.toString(),
                                "KEYCLOAK",
                                "true",
                                "JAN_KEYCLOAK_CLIENT_SECRET",
                                "made-by-the-test",
                                "JAN_KEYCLOAK_WATCH_SECRET",
                                "another"));

        assertThat(start.start().waitFor()).isZero();

        var clients =
                Json.parse(Files.readString(folder.resolve("realm-jan.json"))).path("clients");
        assertThat(clients)
                .filteredOn(client -> client.has("secret"))
                .extracting(
                        client -> client.path("clientId").asText(),
                        client -> client.path("secret").asText())
                .containsExactly(
                        Tuple.tuple("backend", "made-by-the-test"),
                        Tuple.tuple("backend-watch", "another"));
    }

    @Test
    void hasTheTargetsThatOperatorsKnow() throws IOException {
        assertThat(Files.readString(ComposeFile.FOLDER.resolve("targets.mk")))
                .contains(
                        "\nup: ",
                        "\nup-llm-api: ",
                        "\nup-kong: ",
                        "\nup-full: ",
                        "\nup-gpu: ",
                        "\nup-cpu: ",
                        "\nmonitor-up: ");
    }

    private boolean isOneShot(String service) {
        return "no".equals(compose.service(service).field("restart"));
    }

    private static String property(String pom, String name) {
        return pom.replaceAll("(?s).*<" + name + ">([^<]*)<.*", "$1");
    }
}
