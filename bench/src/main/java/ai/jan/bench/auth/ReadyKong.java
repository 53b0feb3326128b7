// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.auth;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Client;
import ai.jan.kong.pdk.Ctx;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Nginx;
import ai.jan.kong.pdk.Request;
import ai.jan.kong.pdk.Response;
import ai.jan.kong.pdk.Service;
import ai.jan.kong.pdk.ServiceRequest;
import ai.jan.kong.pdk.Shared;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Kong whose answers are there already: what is measured is the plugin. It has the headers that
 * OpenAI's client for Python sends, and swallows what the plugin sets. Not safe for threads.
 */
final class ReadyKong {
    private static final String REQUEST_ID = "0123456789abcdef0123456789abcdef";

    private final Kong kong;
    private Map<String, List<String>> headers = Map.of();
    private int swallowed;

    ReadyKong() {
        var request =
                answering(
                        Request.class,
                        name ->
                                switch (name) {
                                    case "getHeaders" -> ready(new Kong.Headers(headers, false));
                                    case "getRawQuery" -> ready("");
                                    default -> throw new UnsupportedOperationException(name);
                                });
        var nginx = answering(Nginx.class, _ -> ready(Optional.of(REQUEST_ID)));
        var serviceRequest = swallowing(ServiceRequest.class);
        var service = answering(Service.class, _ -> serviceRequest);
        var response = swallowing(Response.class);
        var client = swallowing(Client.class);
        var shared = swallowing(Shared.class);
        var ctx = answering(Ctx.class, _ -> shared);
        kong =
                answering(
                        Kong.class,
                        name ->
                                switch (name) {
                                    case "request" -> request;
                                    case "nginx" -> nginx;
                                    case "service" -> service;
                                    case "response" -> response;
                                    case "client" -> client;
                                    case "ctx" -> ctx;
                                    default -> throw new UnsupportedOperationException(name);
                                });
    }

    /** A request with this credential. */
    Kong with(String credential) {
        headers =
                Map.ofEntries(
                        header("authorization", "Bearer " + credential),
                        header("host", "127.0.0.1:8000"),
                        header("accept", "application/json"),
                        header("accept-encoding", "gzip, deflate"),
                        header("content-type", "application/json"),
                        header("content-length", "412"),
                        header("connection", "keep-alive"),
                        header("user-agent", "OpenAI/Python 2.8.1"),
                        header("x-stainless-arch", "x64"),
                        header("x-stainless-async", "false"),
                        header("x-stainless-lang", "python"),
                        header("x-stainless-os", "Linux"),
                        header("x-stainless-package-version", "2.8.1"),
                        header("x-stainless-read-timeout", "600"),
                        header("x-stainless-retry-count", "0"),
                        header("x-stainless-runtime", "CPython"),
                        header("x-stainless-runtime-version", "3.13.1"));
        swallowed = 0;
        return kong;
    }

    /** How many settings the plugin has made: none if it did not let the request in. */
    int swallowed() {
        return swallowed;
    }

    private static Map.Entry<String, List<String>> header(String name, String value) {
        return Map.entry(name, List.of(value));
    }

    private static <T> Answer<T> ready(T value) {
        return () -> value;
    }

    private <T> T swallowing(Class<T> namespace) {
        return answering(
                namespace,
                name -> {
                    if (name.equals("exit")) {
                        throw new IllegalStateException("the request was refused");
                    }
                    swallowed++;
                    return Optional.empty();
                });
    }

    private interface Call {
        Object of(String method);
    }

    private static <T> T answering(Class<T> namespace, Call call) {
        return namespace.cast(
                Proxy.newProxyInstance(
                        namespace.getClassLoader(),
                        new Class<?>[] {namespace},
                        (_, method, _) -> {
                            var result = call.of(method.getName());
                            return method.getReturnType() == void.class ? null : result;
                        }));
    }
}
