// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The keys of a kong.conf: {@code key = value} lines with {@code #} comments, each overridden by
 * the environment variable {@code KONG_<KEY>}. Keys that the stand-in does not know are problems.
 */
public final class KongConf {
    private static final Map<String, String> DEFAULTS =
            Map.ofEntries(
                    Map.entry("admin_listen", "off"),
                    Map.entry("database", "off"),
                    Map.entry("declarative_config", ""),
                    Map.entry("dns_hostsfile", "/etc/hosts"),
                    Map.entry("error_default_type", "text/plain"),
                    Map.entry("error_template_grpc", ""),
                    Map.entry("error_template_html", ""),
                    Map.entry("error_template_json", ""),
                    Map.entry("error_template_plain", ""),
                    Map.entry("headers", "server_tokens,latency_tokens,X-Kong-Request-Id"),
                    Map.entry("headers_upstream", "X-Kong-Request-Id"),
                    Map.entry("log_level", "notice"),
                    Map.entry("nginx_http_client_body_buffer_size", "8k"),
                    Map.entry("nginx_http_client_max_body_size", "0"),
                    Map.entry("nginx_http_lua_socket_connect_timeout", "60s"),
                    Map.entry("nginx_http_lua_socket_read_timeout", "60s"),
                    Map.entry("nginx_http_lua_socket_send_timeout", "60s"),
                    Map.entry("nginx_worker_processes", "1"),
                    Map.entry("plugins", "bundled"),
                    Map.entry("pluginserver_names", ""),
                    Map.entry("prefix", "/usr/local/kong"),
                    Map.entry("proxy_access_log", "off"),
                    Map.entry("proxy_error_log", "logs/error.log"),
                    Map.entry("proxy_listen", "127.0.0.1:8000"),
                    Map.entry("real_ip_header", "X-Real-IP"),
                    Map.entry("real_ip_recursive", "off"),
                    Map.entry("router_flavor", "traditional_compatible"),
                    Map.entry("status_access_log", "off"),
                    Map.entry("status_error_log", "logs/status_error.log"),
                    Map.entry("status_listen", "off"),
                    Map.entry("tracing_instrumentations", "off"),
                    Map.entry("tracing_sampling_rate", "0.01"),
                    Map.entry("trusted_ips", ""),
                    Map.entry("anonymous_reports", "off"));
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kKmMgG]?)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

    private final Map<String, String> values = new TreeMap<>(DEFAULTS);
    private final Problems problems;

    private KongConf(Problems problems) {
        this.problems = problems;
    }

    /** Reads a file, if there is one, and the environment. */
    public static KongConf read(
            Optional<Path> file, Map<String, String> environment, Problems problems) {
        var conf = new KongConf(problems);
        file.ifPresent(conf::load);
        environment.forEach(conf::override);
        for (var server : conf.list("pluginserver_names")) {
            if (!conf.values.containsKey(serverKey(server, "query_cmd"))) {
                problems.add(
                        serverKey(server, "query_cmd"),
                        "query_command undefined for pluginserver " + server);
            }
        }
        for (var key : conf.values.keySet()) {
            if (!conf.known(key)) {
                problems.add(key, "the stand-in does not support this kong.conf key");
            } else if (Vault.isReference(conf.text(key))) {
                problems.add(key, "the stand-in resolves references in kong.yml only");
            }
        }
        return conf;
    }

    static String serverKey(String server, String key) {
        return "pluginserver_" + server.replace('-', '_') + "_" + key;
    }

    private boolean known(String key) {
        return DEFAULTS.containsKey(key)
                || list("pluginserver_names").stream()
                        .flatMap(server ->
                                Stream.of("socket", "start_cmd", "query_cmd")
                                        .map(part -> serverKey(server, part)))
                        .anyMatch(key::equals);
    }

    private void load(Path file) {
        try {
            for (var line : Files.readAllLines(file)) {
                var text = withoutComment(line).strip();
                int equals = text.indexOf('=');
                if (equals > 0) {
                    values.put(
                            text.substring(0, equals).strip(),
                            unquoted(text.substring(equals + 1).strip()));
                } else if (!text.isEmpty()) {
                    problems.add(file.toString(), "expected key = value, not: " + text);
                }
            }
        } catch (IOException e) {
            problems.add(file.toString(), "cannot be read");
        }
    }

    private static String withoutComment(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '#' && (i == 0 || line.charAt(i - 1) != '\\')) {
                return line.substring(0, i);
            }
        }
        return line.replace("\\#", "#");
    }

    private static String unquoted(String value) {
        boolean quoted =
                value.length() >= 2
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                        && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private void override(String variable, String value) {
        if (variable.startsWith("KONG_")) {
            var key = variable.substring("KONG_".length()).toLowerCase(Locale.ROOT);
            boolean dynamic = key.startsWith("nginx_") || key.startsWith("pluginserver_");
            if (dynamic || DEFAULTS.containsKey(key)) { // Kong ignores other names as well
                values.put(key, value);
            }
        }
    }

    String text(String key) {
        return values.getOrDefault(key, "").strip();
    }

    List<String> list(String key) {
        var list = new ArrayList<String>();
        for (var part : text(key).split(",", -1)) {
            if (!part.isBlank()) {
                list.add(part.strip());
            }
        }
        return list;
    }

    /** A size such as {@code 8m}, in bytes. */
    long size(String key) {
        var size = SIZE.matcher(text(key));
        if (!size.matches()) {
            problems.add(key, "expected a size such as 8m, not: " + text(key));
            return 0;
        }
        long unit =
                switch (size.group(2).toLowerCase(Locale.ROOT)) {
                    case "k" -> 1L << 10;
                    case "m" -> 1L << 20;
                    case "g" -> 1L << 30;
                    default -> 1;
                };
        return Long.parseLong(size.group(1)) * unit;
    }

    /** A time such as {@code 10s}, in milliseconds. */
    int millis(String key) {
        var time = TIME.matcher(text(key));
        if (!time.matches()) {
            problems.add(key, "expected a time such as 10s, not: " + text(key));
            return 1;
        }
        long unit =
                switch (time.group(2)) {
                    case "ms" -> 1;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    case null, default -> 1_000;
                };
        return Math.clamp(Long.parseLong(time.group(1)) * unit, 1, Integer.MAX_VALUE);
    }

    /** A number from 0 to 1. */
    double fraction(String key) {
        if (!text(key).matches("0|1|[01]?\\.\\d{1,9}") || Double.parseDouble(text(key)) > 1) {
            problems.add(key, "expected a number from 0 to 1, not: " + text(key));
            return 0;
        }
        return Double.parseDouble(text(key));
    }

    /** Notes a key whose value is none of those the stand-in can serve. */
    void only(String key, String... supported) {
        if (!List.of(supported).contains(text(key))) {
            problems.add(
                    key,
                    "the stand-in only supports "
                            + String.join(" or ", supported)
                            + ", not: "
                            + text(key));
        }
    }

    Problems problems() {
        return problems;
    }
}
