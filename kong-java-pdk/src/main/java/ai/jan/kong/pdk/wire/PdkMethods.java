// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.AuthenticateArgs;
import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.message.ConsumerSpec;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.MemoryStats;
import ai.jan.kong.pdk.message.RawBodyResult;
import ai.jan.kong.pdk.message.Route;
import ai.jan.kong.pdk.message.Service;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Target;
import ai.jan.kong.pdk.message.UriCapturesResult;
import ai.jan.kong.pdk.message.Value;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All functions of Kong that the protocol knows (contract 5.1). The letters name the phases: R
 * rewrite, A access, S response, L log, C certificate, P preread.
 */
public final class PdkMethods {
    // The constants below register themselves here, so it comes first.
    private static final Map<String, PdkMethod<?, ?>> BY_NAME = new LinkedHashMap<>();

    public static final PdkMethod<Empty, String> CLIENT_GET_IP =
            method("kong.client.get_ip", WireTypes.EMPTY, WireTypes.STRING, "RASP");
    public static final PdkMethod<Empty, String> CLIENT_GET_FORWARDED_IP =
            method("kong.client.get_forwarded_ip", WireTypes.EMPTY, WireTypes.STRING, "RASP");
    public static final PdkMethod<Empty, Integer> CLIENT_GET_PORT =
            method("kong.client.get_port", WireTypes.EMPTY, WireTypes.INT, "RASP");
    public static final PdkMethod<Empty, Integer> CLIENT_GET_FORWARDED_PORT =
            method("kong.client.get_forwarded_port", WireTypes.EMPTY, WireTypes.INT, "RASP");
    public static final PdkMethod<Empty, AuthenticatedCredential> CLIENT_GET_CREDENTIAL =
            method(
                    "kong.client.get_credential",
                    WireTypes.EMPTY,
                    WireTypes.AUTHENTICATED_CREDENTIAL,
                    "ASL");
    public static final PdkMethod<ConsumerSpec, Consumer> CLIENT_LOAD_CONSUMER =
            method(
                    "kong.client.load_consumer",
                    WireTypes.CONSUMER_SPEC,
                    WireTypes.CONSUMER,
                    "ASL",
                    KongRules::consumerSpec);
    public static final PdkMethod<Empty, Consumer> CLIENT_GET_CONSUMER =
            method("kong.client.get_consumer", WireTypes.EMPTY, WireTypes.CONSUMER, "ASL");
    public static final PdkMethod<AuthenticateArgs, Empty> CLIENT_AUTHENTICATE =
            method(
                    "kong.client.authenticate",
                    WireTypes.AUTHENTICATE_ARGS,
                    WireTypes.EMPTY,
                    "A",
                    KongRules::authenticate);
    public static final PdkMethod<Boolean, String> CLIENT_GET_PROTOCOL =
            method("kong.client.get_protocol", WireTypes.BOOL, WireTypes.STRING, "ASL");

    public static final PdkMethod<Kv, Empty> CTX_SHARED_SET =
            method("kong.ctx.shared.set", WireTypes.KV, WireTypes.EMPTY, "RASLCP");
    public static final PdkMethod<String, Value> CTX_SHARED_GET =
            method("kong.ctx.shared.get", WireTypes.STRING, WireTypes.VALUE, "RASLCP");

    public static final PdkMethod<String, Boolean> IP_IS_TRUSTED =
            method("kong.ip.is_trusted", WireTypes.STRING, WireTypes.BOOL, "RASLCP");

    public static final PdkMethod<ListValue, Empty> LOG_ALERT =
            method(
                    "kong.log.alert",
                    WireTypes.LIST_VALUE,
                    WireTypes.EMPTY,
                    "RASLCP",
                    KongRules::logLine);
    public static final PdkMethod<ListValue, Empty> LOG_CRIT =
            method(
                    "kong.log.crit",
                    WireTypes.LIST_VALUE,
                    WireTypes.EMPTY,
                    "RASLCP",
                    KongRules::logLine);
    public static final PdkMethod<ListValue, Empty> LOG_ERR =
            method(
                    "kong.log.err",
                    WireTypes.LIST_VALUE,
                    WireTypes.EMPTY,
                    "RASLCP",
                    KongRules::logLine);
    public static final PdkMethod<ListValue, Empty> LOG_WARN =
            method(
                    "kong.log.warn",
                    WireTypes.LIST_VALUE,
                    WireTypes.EMPTY,
                    "RASLCP",
                    KongRules::logLine);
    public static final PdkMethod<ListValue, Empty> LOG_NOTICE =
            method(
                    "kong.log.notice",
                    WireTypes.LIST_VALUE,
                    WireTypes.EMPTY,
                    "RASLCP",
                    KongRules::logLine);
    public static final PdkMethod<ListValue, Empty> LOG_INFO =
            method(
                    "kong.log.info",
                    WireTypes.LIST_VALUE,
                    WireTypes.EMPTY,
                    "RASLCP",
                    KongRules::logLine);
    public static final PdkMethod<ListValue, Empty> LOG_DEBUG =
            method(
                    "kong.log.debug",
                    WireTypes.LIST_VALUE,
                    WireTypes.EMPTY,
                    "RASLCP",
                    KongRules::logLine);
    public static final PdkMethod<Kv, Empty> LOG_SET_SERIALIZE_VALUE =
            method("kong.log.set_serialize_value", WireTypes.KV, WireTypes.EMPTY, "RASL");
    public static final PdkMethod<Empty, String> LOG_SERIALIZE =
            method("kong.log.serialize", WireTypes.EMPTY, WireTypes.STRING, "L");

    public static final PdkMethod<String, String> NGINX_GET_VAR =
            method("kong.nginx.get_var", WireTypes.STRING, WireTypes.STRING, "RASP");
    public static final PdkMethod<Empty, String> NGINX_GET_TLS1_VERSION_STR =
            method("kong.nginx.get_tls1_version_str", WireTypes.EMPTY, WireTypes.STRING, "RASLCP");
    public static final PdkMethod<Kv, String> NGINX_SET_CTX =
            method("kong.nginx.set_ctx", WireTypes.KV, WireTypes.STRING, "RASLCP");
    public static final PdkMethod<String, Value> NGINX_GET_CTX =
            method("kong.nginx.get_ctx", WireTypes.STRING, WireTypes.VALUE, "RASLCP");
    public static final PdkMethod<Empty, Double> NGINX_REQ_START_TIME =
            method("kong.nginx.req_start_time", WireTypes.EMPTY, WireTypes.NUMBER, "RASLCP");
    public static final PdkMethod<Empty, String> NGINX_GET_SUBSYSTEM =
            method("kong.nginx.get_subsystem", WireTypes.EMPTY, WireTypes.STRING, "RASLCP");

    public static final PdkMethod<Empty, String> NODE_GET_ID =
            method("kong.node.get_id", WireTypes.EMPTY, WireTypes.STRING, "RASLCP");
    public static final PdkMethod<Empty, MemoryStats> NODE_GET_MEMORY_STATS =
            method("kong.node.get_memory_stats", WireTypes.EMPTY, WireTypes.MEMORY_STATS, "RASLCP");

    public static final PdkMethod<Empty, String> REQUEST_GET_SCHEME =
            method("kong.request.get_scheme", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<Empty, String> REQUEST_GET_HOST =
            method("kong.request.get_host", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<Empty, Integer> REQUEST_GET_PORT =
            method("kong.request.get_port", WireTypes.EMPTY, WireTypes.INT, "RASP");
    public static final PdkMethod<Empty, String> REQUEST_GET_FORWARDED_SCHEME =
            method("kong.request.get_forwarded_scheme", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<Empty, String> REQUEST_GET_FORWARDED_HOST =
            method("kong.request.get_forwarded_host", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<Empty, Integer> REQUEST_GET_FORWARDED_PORT =
            method("kong.request.get_forwarded_port", WireTypes.EMPTY, WireTypes.INT, "RAS");
    public static final PdkMethod<Empty, Double> REQUEST_GET_HTTP_VERSION =
            method("kong.request.get_http_version", WireTypes.EMPTY, WireTypes.NUMBER, "RAS");
    public static final PdkMethod<Empty, String> REQUEST_GET_METHOD =
            method("kong.request.get_method", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<Empty, String> REQUEST_GET_PATH =
            method("kong.request.get_path", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<Empty, String> REQUEST_GET_PATH_WITH_QUERY =
            method("kong.request.get_path_with_query", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<Empty, String> REQUEST_GET_RAW_QUERY =
            method("kong.request.get_raw_query", WireTypes.EMPTY, WireTypes.STRING, "RAS");
    public static final PdkMethod<String, String> REQUEST_GET_QUERY_ARG =
            method("kong.request.get_query_arg", WireTypes.STRING, WireTypes.STRING, "RAS");
    public static final PdkMethod<Integer, Struct> REQUEST_GET_QUERY =
            method(
                    "kong.request.get_query",
                    WireTypes.INT,
                    WireTypes.STRUCT,
                    "RAS",
                    KongRules::limit);
    public static final PdkMethod<String, String> REQUEST_GET_HEADER =
            method("kong.request.get_header", WireTypes.STRING, WireTypes.STRING, "RASL");
    public static final PdkMethod<Integer, Struct> REQUEST_GET_HEADERS =
            method(
                    "kong.request.get_headers",
                    WireTypes.INT,
                    WireTypes.STRUCT,
                    "RASL",
                    KongRules::limitUnlessLog);
    public static final PdkMethod<Empty, RawBodyResult> REQUEST_GET_RAW_BODY =
            method("kong.request.get_raw_body", WireTypes.EMPTY, WireTypes.RAW_BODY_RESULT, "RAS");
    public static final PdkMethod<Empty, UriCapturesResult> REQUEST_GET_URI_CAPTURES =
            method(
                    "kong.request.get_uri_captures",
                    WireTypes.EMPTY,
                    WireTypes.URI_CAPTURES_RESULT,
                    "RASL");

    public static final PdkMethod<Empty, Integer> RESPONSE_GET_STATUS =
            method("kong.response.get_status", WireTypes.EMPTY, WireTypes.INT, "SL");
    public static final PdkMethod<String, String> RESPONSE_GET_HEADER =
            method("kong.response.get_header", WireTypes.STRING, WireTypes.STRING, "SL");
    public static final PdkMethod<Integer, Struct> RESPONSE_GET_HEADERS =
            method(
                    "kong.response.get_headers",
                    WireTypes.INT,
                    WireTypes.STRUCT,
                    "SL",
                    KongRules::limitUnlessLog);
    public static final PdkMethod<Empty, String> RESPONSE_GET_SOURCE =
            method("kong.response.get_source", WireTypes.EMPTY, WireTypes.STRING, "SL");
    public static final PdkMethod<Integer, Empty> RESPONSE_SET_STATUS =
            method(
                    "kong.response.set_status",
                    WireTypes.INT,
                    WireTypes.EMPTY,
                    "RAS",
                    KongRules::status);
    public static final PdkMethod<Kv, Empty> RESPONSE_SET_HEADER =
            method(
                    "kong.response.set_header",
                    WireTypes.KV,
                    WireTypes.EMPTY,
                    "RAS",
                    KongRules::header);
    public static final PdkMethod<Kv, Empty> RESPONSE_ADD_HEADER =
            method(
                    "kong.response.add_header",
                    WireTypes.KV,
                    WireTypes.EMPTY,
                    "RAS",
                    KongRules::header);
    public static final PdkMethod<String, Empty> RESPONSE_CLEAR_HEADER =
            method("kong.response.clear_header", WireTypes.STRING, WireTypes.EMPTY, "RAS");
    public static final PdkMethod<Struct, Empty> RESPONSE_SET_HEADERS =
            method("kong.response.set_headers", WireTypes.STRUCT, WireTypes.EMPTY, "RAS");
    public static final PdkMethod<ExitArgs, Empty> RESPONSE_EXIT =
            method(
                    "kong.response.exit",
                    WireTypes.EXIT_ARGS,
                    WireTypes.EMPTY,
                    "RASP",
                    KongRules::exit);

    public static final PdkMethod<Empty, Route> ROUTER_GET_ROUTE =
            method("kong.router.get_route", WireTypes.EMPTY, WireTypes.ROUTE, "ASL");
    public static final PdkMethod<Empty, Service> ROUTER_GET_SERVICE =
            method("kong.router.get_service", WireTypes.EMPTY, WireTypes.SERVICE, "ASL");

    public static final PdkMethod<String, Boolean> SERVICE_SET_UPSTREAM =
            method("kong.service.set_upstream", WireTypes.STRING, WireTypes.BOOL, "A");
    public static final PdkMethod<Target, Empty> SERVICE_SET_TARGET =
            method(
                    "kong.service.set_target",
                    WireTypes.TARGET,
                    WireTypes.EMPTY,
                    "AP",
                    KongRules::target);
    public static final PdkMethod<String, Empty> SERVICE_REQUEST_SET_SCHEME =
            method(
                    "kong.service.request.set_scheme",
                    WireTypes.STRING,
                    WireTypes.EMPTY,
                    "RA",
                    KongRules::scheme);
    public static final PdkMethod<String, Empty> SERVICE_REQUEST_SET_PATH =
            method(
                    "kong.service.request.set_path",
                    WireTypes.STRING,
                    WireTypes.EMPTY,
                    "RA",
                    KongRules::path);
    public static final PdkMethod<String, Empty> SERVICE_REQUEST_SET_RAW_QUERY =
            method("kong.service.request.set_raw_query", WireTypes.STRING, WireTypes.EMPTY, "RA");
    public static final PdkMethod<String, Empty> SERVICE_REQUEST_SET_METHOD =
            method(
                    "kong.service.request.set_method",
                    WireTypes.STRING,
                    WireTypes.EMPTY,
                    "RA",
                    KongRules::method);
    public static final PdkMethod<Struct, Empty> SERVICE_REQUEST_SET_QUERY =
            method("kong.service.request.set_query", WireTypes.STRUCT, WireTypes.EMPTY, "RA");
    public static final PdkMethod<Kv, Empty> SERVICE_REQUEST_SET_HEADER =
            method(
                    "kong.service.request.set_header",
                    WireTypes.KV,
                    WireTypes.EMPTY,
                    "RA",
                    KongRules::header);
    public static final PdkMethod<Kv, Empty> SERVICE_REQUEST_ADD_HEADER =
            method(
                    "kong.service.request.add_header",
                    WireTypes.KV,
                    WireTypes.EMPTY,
                    "RA",
                    KongRules::header);
    public static final PdkMethod<String, Empty> SERVICE_REQUEST_CLEAR_HEADER =
            method("kong.service.request.clear_header", WireTypes.STRING, WireTypes.EMPTY, "RA");
    public static final PdkMethod<Struct, Empty> SERVICE_REQUEST_SET_HEADERS =
            method("kong.service.request.set_headers", WireTypes.STRUCT, WireTypes.EMPTY, "RA");
    public static final PdkMethod<Bytes, Empty> SERVICE_REQUEST_SET_RAW_BODY =
            method(
                    "kong.service.request.set_raw_body",
                    WireTypes.BYTE_STRING,
                    WireTypes.EMPTY,
                    "RA");
    public static final PdkMethod<Empty, Integer> SERVICE_RESPONSE_GET_STATUS =
            method("kong.service.response.get_status", WireTypes.EMPTY, WireTypes.INT, "SL");
    public static final PdkMethod<String, String> SERVICE_RESPONSE_GET_HEADER =
            method("kong.service.response.get_header", WireTypes.STRING, WireTypes.STRING, "SL");
    public static final PdkMethod<Integer, Struct> SERVICE_RESPONSE_GET_HEADERS =
            method(
                    "kong.service.response.get_headers",
                    WireTypes.INT,
                    WireTypes.STRUCT,
                    "SL",
                    KongRules::limit);
    public static final PdkMethod<Empty, Bytes> SERVICE_RESPONSE_GET_RAW_BODY =
            method(
                    "kong.service.response.get_raw_body",
                    WireTypes.EMPTY,
                    WireTypes.BYTE_STRING,
                    "SL");

    private PdkMethods() {}

    /** All of them, in the order of Kong's documentation. */
    public static Collection<PdkMethod<?, ?>> all() {
        return Collections.unmodifiableCollection(BY_NAME.values());
    }

    /** The method of that name on the wire, if Kong has it. */
    public static Optional<PdkMethod<?, ?>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    private static <A, R> PdkMethod<A, R> method(
            String name, WireType<A> argument, WireType<R> result, String phases) {
        return method(name, argument, result, phases, (phase, value) -> {});
    }

    private static <A, R> PdkMethod<A, R> method(
            String name,
            WireType<A> argument,
            WireType<R> result,
            String phases,
            PdkMethod.Rule<? super A> rule) {
        var method = new PdkMethod<>(name, argument, result, phases(phases), rule);
        BY_NAME.put(name, method);
        return method;
    }

    private static Set<Phase> phases(String letters) {
        var phases = EnumSet.noneOf(Phase.class);
        for (int i = 0; i < letters.length(); i++) {
            phases.add(
                    switch (letters.charAt(i)) {
                        case 'R' -> Phase.REWRITE;
                        case 'A' -> Phase.ACCESS;
                        case 'S' -> Phase.RESPONSE;
                        case 'L' -> Phase.LOG;
                        case 'C' -> Phase.CERTIFICATE;
                        case 'P' -> Phase.PREREAD;
                        default -> throw new IllegalArgumentException("no phase in " + letters);
                    });
        }
        return phases;
    }
}
