// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.Set;

/** The plugins that come with Kong; most are not part of the stand-in. */
final class BundledNames {
    static final Set<String> ALL =
            Set.of(
                    "acl",
                    "acme",
                    "ai-prompt-decorator",
                    "ai-prompt-guard",
                    "ai-prompt-template",
                    "ai-proxy",
                    "ai-request-transformer",
                    "ai-response-transformer",
                    "aws-lambda",
                    "azure-functions",
                    "basic-auth",
                    "bot-detection",
                    "correlation-id",
                    "cors",
                    "datadog",
                    "file-log",
                    "grpc-gateway",
                    "grpc-web",
                    "hmac-auth",
                    "http-log",
                    "ip-restriction",
                    "jwt",
                    "key-auth",
                    "ldap-auth",
                    "loggly",
                    "oauth2",
                    "opentelemetry",
                    "post-function",
                    "pre-function",
                    "prometheus",
                    "proxy-cache",
                    "rate-limiting",
                    "redirect",
                    "request-size-limiting",
                    "request-termination",
                    "request-transformer",
                    "response-ratelimiting",
                    "response-transformer",
                    "session",
                    "standard-webhooks",
                    "statsd",
                    "syslog",
                    "tcp-log",
                    "udp-log",
                    "zipkin");

    private BundledNames() {}
}
