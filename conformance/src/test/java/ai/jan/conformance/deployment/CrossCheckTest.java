// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * A path, a port, a name that one of these files uses is what the others have: kong.yml, kong.conf,
 * compose.yaml, images/Dockerfile, the realm, Prometheus' targets, what the plugins say of
 * themselves.
 */
class CrossCheckTest {
    private static final Path ROOT = ComposeFile.ROOT;
    private static final Pattern SERVICE_URL = Pattern.compile("(?m)^    url: (\\S+)$");
    private static final Pattern PLUGIN = Pattern.compile("- name: (jan-[a-z]+)");
    private static final Pattern SIZE = Pattern.compile("allowed_payload_size: (\\d+)");

    /** Keys of Kong that our kong.conf leaves at their default. */
    private static final List<String> OTHER_KEYS =
            List.of("prefix", "pg_host", "pg_user", "pg_password");

    private final ComposeFile compose = ComposeFile.read();
    private final Map<String, String> conf = kongConf();
    private final String declared = Files.readString(ROOT.resolve("kong.yml"));

    CrossCheckTest() throws IOException {}

    @Test
    void kongSendsRequestsToServicesAndPortsThatAreThere() throws Exception {
        var urls = SERVICE_URL.matcher(declared).results().map(url -> url.group(1)).toList();
        assertThat(urls).hasSizeGreaterThanOrEqualTo(4);

        for (var url : urls) {
            var address = URI.create(url);
            var service = compose.service(address.getHost());
            assertThat(exposed(service.target())).as(url).isEqualTo(address.getPort());
        }
    }

    @Test
    void everyPluginOfOursIsInKongsConfigurationAndInTheImage() throws Exception {
        var named = List.of(conf.get("pluginserver_names").split(","));
        try (var dumps = Files.list(ROOT.resolve("kong-plugins/target/dump"))) {
            assertThat(dumps.map(dump -> dump.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(named);
        }

        assertThat(conf.get("plugins")).isEqualTo("bundled," + String.join(",", named));
        assertThat(PLUGIN.matcher(declared).results().map(name -> name.group(1)).distinct())
                .containsExactlyInAnyOrderElementsOf(named);
    }

    @Test
    void kongReachesThePluginServerAndItsDumpsWhereTheyAre() throws Exception {
        var command = Dockerfile.target("kong-plugins").command();
        var socket = command.get(command.indexOf("--socket") + 1);
        var server = compose.service("kong-plugins");
        var kong = compose.service("kong");

        for (var plugin : conf.get("pluginserver_names").split(",")) {
            var key = "pluginserver_" + plugin.replace('-', '_');
            assertThat(conf).containsEntry(key + "_socket", socket);
            assertThat(conf)
                    .containsEntry(key + "_query_cmd", "cat /etc/kong/dumps/" + plugin + ".json")
                    .doesNotContainKey(key + "_start_cmd");
        }
        var folder = socket.substring(0, socket.lastIndexOf('/'));
        assertThat(server.volumes()).contains("plugin-socket:" + folder);
        assertThat(kong.volumes())
                .contains("plugin-socket:" + folder, "kong-dumps:/etc/kong/dumps:ro");
        assertThat(String.valueOf(kong.field("healthcheck"))).contains(socket);
        assertThat(Dockerfile.target("kong-plugins").healthCheck()).contains(socket);
    }

    @Test
    void composeMountsKongsFilesWhereItsConfigurationExpectsThem() {
        var kong = compose.service("kong");

        assertThat(kong.volumes())
                .contains("../kong.yml:" + conf.get("declarative_config") + ":ro");
        for (var type : List.of("JSON", "HTML", "PLAIN")) {
            var template = kong.environment().get("KONG_ERROR_TEMPLATE_" + type);
            assertThat(conf).containsKey("error_template_" + type.toLowerCase(Locale.ROOT));
            assertThat(kong.volumes())
                    .contains(
                            "../"
                                    + conf.get("error_template_" + type.toLowerCase(Locale.ROOT))
                                    + ":"
                                    + template
                                    + ":ro");
        }
    }

    @Test
    void everySettingOfKongIsAKeyThatItHas() {
        for (var name : List.of("kong", "kong-migrations", "kong-with-database")) {
            assertThat(compose.service(name).environment().keySet())
                    .filteredOn(variable -> variable.startsWith("KONG_"))
                    .isNotEmpty()
                    .extracting(variable -> variable.substring(5).toLowerCase(Locale.ROOT))
                    .allMatch(key -> conf.containsKey(key) || OTHER_KEYS.contains(key), name);
        }
    }

    @Test
    void kongListensWhereItIsPublished() {
        var kong = compose.service("kong");

        assertThat(conf.get("proxy_listen")).startsWith("0.0.0.0:8000");
        assertThat(kong.ports()).singleElement().asString().endsWith(":8000");
        assertThat(conf.get("admin_listen")).isEqualTo("127.0.0.1:8001");
        assertThat(kong.environment()).doesNotContainKey("KONG_ADMIN_LISTEN");
        assertThat(port(kong.environment().get("KONG_STATUS_LISTEN")))
                .isEqualTo(port(conf.get("status_listen")));
    }

    @Test
    void aBodyMayBeAsLargeForKongAsForThePlugins() {
        var size = SIZE.matcher(declared);
        assertThat(size.find()).isTrue();

        assertThat(conf)
                .containsEntry("nginx_http_client_max_body_size", size.group(1) + "m")
                .containsEntry("nginx_http_client_body_buffer_size", size.group(1) + "m");
    }

    @Test
    void tokensAreFromTheRealmThatKeycloakImports() throws Exception {
        var realm = Json.parse(Files.readString(ROOT.resolve("keycloak-realm/realm-jan.json")));
        var kong = compose.service("kong").environment();
        var keys = URI.create(kong.get("JAN_JWKS_URI"));
        var plugins = compose.service("kong-plugins").environment();

        assertThat(ComposeFile.resolved(kong.get("JAN_ISSUER"), _ -> ""))
                .isEqualTo(
                        ComposeFile.resolved(
                                        compose.service("keycloak")
                                                .environment()
                                                .get("KC_HOSTNAME"),
                                        _ -> "")
                                + "/realms/"
                                + realm.path("realm").asText());
        assertThat(keys.getPath()).startsWith("/realms/" + realm.path("realm").asText() + "/");
        assertThat(plugins.get("JAN_KEYCLOAK_URL"))
                .isEqualTo("http://" + keys.getHost() + ":" + keys.getPort());
        assertThat(compose.named()).containsKey(keys.getHost());
    }

    @Test
    void prometheusReadsWhereTheProcessesTell() throws Exception {
        for (var target : targets()) {
            var host = target.split(":")[0];
            var port = target.split(":")[1];
            var service = compose.service(host);
            var told =
                    service.isBuiltHere()
                            ? service.environment().get("JAN_METRICS_PORT")
                            : host.equals("kong")
                                    ? port(service.environment().get("KONG_STATUS_LISTEN"))
                                    : port;
            assertThat(port).as(target).isEqualTo(told);
        }
        assertThat(compose.named().entrySet())
                .filteredOn(entry -> entry.getValue().environment().containsKey("JAN_METRICS_PORT"))
                .isNotEmpty()
                .allSatisfy(entry ->
                        assertThat(targets())
                                .contains(
                                        entry.getKey()
                                                + ":"
                                                + entry.getValue()
                                                        .environment()
                                                        .get("JAN_METRICS_PORT")));
    }

    @Test
    void servicesAskEachOtherUnderNamesAndPortsThatAreThere() {
        var address = Pattern.compile("http://([a-z-]+):(\\d+)");
        for (var service : compose.services()) {
            for (var value : service.environment().values()) {
                address.matcher(value)
                        .results()
                        .forEach(found -> {
                            if (!found.group(1).equals("localhost")) {
                                var asked = compose.service(found.group(1));
                                assertThat(found.group(2))
                                        .as(value)
                                        .isEqualTo(
                                                found.group(1).equals("otel-collector")
                                                        ? receiver()
                                                        : listens(asked));
                            }
                        });
            }
        }
    }

    /** Where the collector takes spans over HTTP. */
    private static String receiver() {
        try {
            var configured =
                    Pattern.compile("http: \\{ endpoint: \"\\S+:(\\d+)\"")
                            .matcher(
                                    Files.readString(
                                            ROOT.resolve("compose/monitoring/collector.yml")));
            assertThat(configured.find()).isTrue();
            return configured.group(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The port of a service that has one for others; 8080 is what the images of others have. */
    private static String listens(ComposeFile.Service service) {
        try {
            return service.isBuiltHere() ? String.valueOf(exposed(service.target())) : "8080";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int exposed(String target) throws IOException {
        var dockerfile = Files.readString(ROOT.resolve("images/Dockerfile"));
        var port =
                Pattern.compile("(?s)FROM base AS " + target + "\n.*?EXPOSE (\\d+)")
                        .matcher(dockerfile);
        assertThat(port.find()).as(target).isTrue();
        return Integer.parseInt(port.group(1));
    }

    private static List<String> targets() {
        try (var file =
                Files.newBufferedReader(ROOT.resolve("compose/monitoring/prometheus.yml"))) {
            Map<String, List<Map<String, Object>>> document = new Yaml().load(file);
            var all = new ArrayList<String>();
            for (var job : document.getOrDefault("scrape_configs", List.of())) {
                for (var group : (List<?>) job.getOrDefault("static_configs", List.of())) {
                    ((List<?>) ((Map<?, ?>) group).get("targets"))
                            .forEach(target -> all.add(String.valueOf(target)));
                }
            }
            assertThat(all).isNotEmpty();
            return all;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String port(String address) {
        return address.replaceFirst("^.*:(\\d+).*$", "$1");
    }

    private static Map<String, String> kongConf() throws IOException {
        var keys = new java.util.TreeMap<String, String>();
        for (var line : Files.readAllLines(ROOT.resolve("kong.conf"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                var pair = line.split(" = ", 2);
                keys.put(pair[0], pair[1].replaceFirst("\\s#.*", ""));
            }
        }
        return keys;
    }
}
