// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a kong.conf says, typed.
 *
 * @param maxBodySize bytes; 0 is no limit
 * @param bodyBufferSize bytes of a request body that are kept in memory
 * @param headers Kong's own response headers that are sent, in lower case
 * @param upstreamRequestId whether services are sent {@code X-Kong-Request-Id}
 * @param luaTimeouts of the conversation with a plugin server
 */
public record Settings(
        List<Listen> proxyListen,
        List<Listen> statusListen,
        Optional<Path> declarativeConfig,
        Path prefix,
        Path hostsFile,
        long maxBodySize,
        long bodyBufferSize,
        LuaTimeouts luaTimeouts,
        Tracing tracing,
        ErrorTemplates errors,
        Set<String> headers,
        boolean upstreamRequestId,
        TrustedIps trustedIps,
        String realIpHeader,
        boolean realIpRecursive,
        List<String> plugins,
        List<PluginServer> pluginServers) {

    /** Connect, send and read time-outs in milliseconds. */
    public record LuaTimeouts(int connect, int send, int read) {}

    /** Whether requests are traced, and which part of those that do not say. */
    public record Tracing(boolean on, double samplingRate) {}

    /** One entry of {@code pluginserver_names}. */
    public record PluginServer(
            String name, Path socket, Optional<String> startCommand, String queryCommand) {}

    /** Reads every key, noting problems. */
    public static Settings of(KongConf conf) {
        conf.only("database", "off");
        conf.only("router_flavor", "traditional_compatible");
        conf.only("tracing_instrumentations", "off", "all");
        conf.only("proxy_access_log", "off");
        conf.only("proxy_error_log", "/dev/stderr", "logs/error.log");
        checkAdmin(conf);
        var declarative = conf.text("declarative_config");
        return new Settings(
                Listen.all(conf, "proxy_listen"),
                Listen.all(conf, "status_listen"),
                declarative.isEmpty() ? Optional.empty() : Optional.of(Path.of(declarative)),
                Path.of(conf.text("prefix")),
                Path.of(conf.text("dns_hostsfile")),
                conf.size("nginx_http_client_max_body_size"),
                conf.size("nginx_http_client_body_buffer_size"),
                new LuaTimeouts(
                        conf.millis("nginx_http_lua_socket_connect_timeout"),
                        conf.millis("nginx_http_lua_socket_send_timeout"),
                        conf.millis("nginx_http_lua_socket_read_timeout")),
                new Tracing(
                        conf.text("tracing_instrumentations").equals("all"),
                        conf.fraction("tracing_sampling_rate")),
                errors(conf),
                ownHeaders(conf),
                lower(conf, "headers_upstream").contains("x-kong-request-id"),
                TrustedIps.of(conf.list("trusted_ips"), "trusted_ips", conf.problems()),
                conf.text("real_ip_header"),
                conf.text("real_ip_recursive").equals("on"),
                conf.list("plugins"),
                conf.list("pluginserver_names").stream()
                        .map(server -> pluginServer(conf, server))
                        .toList());
    }

    /** The same with other addresses to listen on. */
    public Settings withListeners(List<Listen> proxies, List<Listen> statuses) {
        return new Settings(
                proxies,
                statuses,
                declarativeConfig,
                prefix,
                hostsFile,
                maxBodySize,
                bodyBufferSize,
                luaTimeouts,
                tracing,
                errors,
                headers,
                upstreamRequestId,
                trustedIps,
                realIpHeader,
                realIpRecursive,
                plugins,
                pluginServers);
    }

    private static void checkAdmin(KongConf conf) {
        for (var listen : Listen.all(conf, "admin_listen")) {
            if (!listen.loopback()) {
                conf.problems()
                        .add("admin_listen", "must be off or on a loopback address: " + listen);
            }
        }
    }

    private static PluginServer pluginServer(KongConf conf, String server) {
        var socket = conf.text(KongConf.serverKey(server, "socket"));
        return new PluginServer(
                server,
                socket.isEmpty()
                        ? Path.of(conf.text("prefix"), server + ".socket")
                        : Path.of(socket),
                Optional.of(conf.text(KongConf.serverKey(server, "start_cmd")))
                        .filter(command -> !command.isEmpty()),
                conf.text(KongConf.serverKey(server, "query_cmd")));
    }

    private static Set<String> lower(KongConf conf, String key) {
        var names = new HashSet<String>();
        conf.list(key).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    private static Set<String> ownHeaders(KongConf conf) {
        var names = new HashSet<String>();
        for (var name : lower(conf, "headers")) {
            switch (name) {
                case "off" -> {}
                case "server_tokens" -> names.addAll(List.of("server", "via"));
                case "latency_tokens" ->
                        names.addAll(
                                List.of(
                                        "x-kong-upstream-latency",
                                        "x-kong-proxy-latency",
                                        "x-kong-response-latency"));
                case "server",
                        "via",
                        "x-kong-upstream-latency",
                        "x-kong-proxy-latency",
                        "x-kong-response-latency",
                        "x-kong-upstream-status",
                        "x-kong-request-id" ->
                        names.add(name);
                default -> conf.problems().add("headers", "the stand-in has no " + name);
            }
        }
        return Set.copyOf(names);
    }

    private static ErrorTemplates errors(KongConf conf) {
        conf.only(
                "error_default_type",
                "text/plain",
                "application/json",
                "application/xml",
                "text/html");
        return ErrorTemplates.of(
                conf.text("error_default_type"),
                template(conf, "error_template_json"),
                template(conf, "error_template_html"),
                template(conf, "error_template_plain"),
                template(conf, "error_template_grpc"));
    }

    private static Optional<String> template(KongConf conf, String key) {
        var file = conf.text(key);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(Path.of(file)));
        } catch (IOException e) {
            conf.problems().add(key, "cannot be read: " + file);
            return Optional.empty();
        }
    }
}
