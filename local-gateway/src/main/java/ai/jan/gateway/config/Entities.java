// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads services, routes and consumers, with Kong's defaults and rules. */
final class Entities {
    private static final int MAX_TIMEOUT = 2_147_483_646;
    private static final List<Integer> REDIRECTS = List.of(426, 301, 302, 307, 308);
    private static final Pattern METHOD = Pattern.compile("[A-Z]+");
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(\\.\\*)?(:\\d{1,5})?");
    private static final Pattern SERVICE_PATH =
            Pattern.compile("/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*");
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2}).{0,2}");

    private final long now;

    Entities(long now) {
        this.now = now;
    }

    /** The id of an entity that was not given one: the same at each start. */
    static String id(String kind, String name) {
        return UUID.nameUUIDFromBytes((kind + ":" + name).getBytes(UTF_8)).toString();
    }

    Service service(Fields fields) {
        var name = fields.text("name").orElse("");
        var url = fields.text("url").flatMap(text -> url(fields, text));
        var protocol =
                url.map(URI::getScheme)
                        .or(() -> fields.text("protocol"))
                        .orElse("http")
                        .toLowerCase(Locale.ROOT);
        checkProtocol(fields, "protocol", protocol);
        fields.raw("protocol");
        var host = url.map(URI::getHost).or(() -> fields.text("host")).orElse("");
        fields.raw("host");
        if (host.isEmpty()) {
            fields.wrong("host", "required field missing");
        }
        int defaultPort = protocol.equals("https") && url.isPresent() ? 443 : 80;
        int port = fields.integer("port", defaultPort, 0, 65_535);
        var path = url.map(URI::getRawPath).or(() -> fields.text("path")).orElse("");
        fields.raw("path");
        checkServicePath(fields, path);
        fields.unsupported(
                "client_certificate", "tls_verify", "tls_verify_depth", "ca_certificates");
        return new Service(
                entityId(fields, "service", name),
                name,
                protocol,
                host,
                url.isEmpty() ? port : url.get().getPort() < 0 ? defaultPort : url.get().getPort(),
                path,
                fields.integer("retries", 5, 0, 32_767),
                fields.integer("connect_timeout", 60_000, 1, MAX_TIMEOUT),
                fields.integer("write_timeout", 60_000, 1, MAX_TIMEOUT),
                fields.integer("read_timeout", 60_000, 1, MAX_TIMEOUT),
                fields.texts("tags"),
                createdAt(fields));
    }

    private static Optional<URI> url(Fields fields, String text) {
        try {
            var url = URI.create(text);
            if (url.getScheme() != null && url.getHost() != null && url.getRawQuery() == null) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException e) {
            // reported below like any other text that is not an address
        }
        fields.wrong("url", "expected an address such as http://host:80/path");
        return Optional.empty();
    }

    private static void checkServicePath(Fields fields, String path) {
        if (!path.isEmpty() && !path.startsWith("/")) {
            fields.wrong("path", "should start with: /");
        } else if (!path.isEmpty() && !SERVICE_PATH.matcher(path).matches()) {
            fields.wrong(
                    "path",
                    "invalid path: '"
                            + path
                            + "' (characters outside of the reserved list of RFC 3986 found)");
        }
    }

    private static void checkProtocol(Fields fields, String field, String protocol) {
        if (!protocol.equals("http") && !protocol.equals("https")) {
            fields.wrong(
                    field, "the stand-in only supports http and https, not '" + protocol + "'");
        }
    }

    Route route(Fields fields, Optional<Service> service) {
        var name = fields.text("name").orElse("");
        var protocols = fields.texts("protocols");
        protocols.forEach(protocol -> checkProtocol(fields, "protocols", protocol));
        var methods = fields.texts("methods");
        methods.stream()
                .filter(method -> !METHOD.matcher(method).matches())
                .forEach(method -> fields.wrong("methods", "invalid value: " + method));
        var hosts = fields.texts("hosts");
        hosts.forEach(host -> checkHost(fields, host));
        var paths = fields.texts("paths");
        paths.forEach(path -> checkPath(fields, path));
        var headers = new HashMap<String, List<String>>();
        fields.textLists("headers")
                .forEach((header, values) -> headers.put(header.toLowerCase(Locale.ROOT), values));
        if (methods.isEmpty() && hosts.isEmpty() && paths.isEmpty() && headers.isEmpty()) {
            fields.wrong("paths", "must set one of 'methods', 'hosts', 'headers', 'paths'");
        }
        int redirect = fields.integer("https_redirect_status_code", 426, 0, 599);
        if (!REDIRECTS.contains(redirect)) {
            fields.wrong("https_redirect_status_code", "expected one of: 426, 301, 302, 307, 308");
        }
        fields.oneOf("path_handling", List.of("v0", "v1")); // v1 acts as v0 in this router
        fields.unsupported("snis", "sources", "destinations");
        return new Route(
                entityId(fields, "route", name),
                name,
                service,
                protocols.isEmpty() ? List.of("http", "https") : protocols,
                methods,
                hosts,
                paths,
                Map.copyOf(headers),
                fields.flag("strip_path", true),
                fields.flag("preserve_host", false),
                fields.integer("regex_priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.flag("request_buffering", true),
                fields.flag("response_buffering", true),
                redirect,
                fields.texts("tags"),
                createdAt(fields));
    }

    private static void checkHost(Fields fields, String host) {
        long stars = host.chars().filter(c -> c == '*').count();
        if (stars > 1) {
            fields.wrong("hosts", "invalid wildcard: must have at most one wildcard");
        } else if (!HOST.matcher(host).matches()) {
            fields.wrong(
                    "hosts",
                    stars == 1
                            ? "invalid wildcard: must be placed at leftmost or rightmost label"
                            : "invalid hostname: " + host);
        }
    }

    private static void checkPath(Fields fields, String path) {
        if (path.startsWith("~/")) {
            if (!Regexes.valid(path.substring(1))) {
                fields.wrong("paths", "invalid regex: '" + path.substring(1) + "'");
            }
        } else if (!path.startsWith("/")) {
            fields.wrong("paths", "should start with: / (fixed path) or ~/ (regex path)");
        } else if (path.contains("//")) {
            fields.wrong("paths", "must not have empty segments");
        } else {
            var bad = BAD_ESCAPE.matcher(path);
            if (bad.find()) {
                fields.wrong("paths", "invalid url-encoded value: '" + bad.group() + "'");
            }
        }
    }

    Consumer consumer(Fields fields) {
        var username = fields.text("username").orElse("");
        var customId = fields.text("custom_id").orElse("");
        if (username.isEmpty() && customId.isEmpty()) {
            fields.wrong(
                    "username",
                    "at least one of these fields must be non-empty: 'custom_id', 'username'");
        }
        return new Consumer(
                entityId(fields, "consumer", username.isEmpty() ? customId : username),
                username,
                customId,
                fields.texts("tags"),
                createdAt(fields));
    }

    private static String entityId(Fields fields, String kind, String name) {
        var given = fields.text("id");
        given.filter(id -> !isUuid(id)).ifPresent(_ -> fields.wrong("id", "expected a valid UUID"));
        return given.orElseGet(() -> id(kind, name.isEmpty() ? fields.at("") : name));
    }

    static boolean isUuid(String text) {
        return text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    private long createdAt(Fields fields) {
        fields.raw("updated_at");
        return fields.integer("created_at", (int) now, 0, Integer.MAX_VALUE);
    }
}
