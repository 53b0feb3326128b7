// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.Map;
import java.util.Optional;

/**
 * The bodies of Kong's own errors, by media type. A template has two places, for message and
 * request id.
 *
 * @param defaultType the type for a request without Accept header whose service failed
 */
public record ErrorTemplates(String defaultType, Map<String, String> templates) {
    private static final String JSON =
            """
            {
              "message":"%s",
              "request_id":"%s"
            }\
            """;
    private static final String HTML =
            """
            <!doctype html>
            <html>
              <head>
                <meta charset="utf-8">
                <title>Error</title>
              </head>
              <body>
                <h1>Error</h1>
                <p>%s.</p>
                <p>request_id: %s</p>
              </body>
            </html>
            """;
    private static final String PLAIN = "%s\nrequest_id: %s\n";
    private static final String GRPC = "{\"message\":\"%s\"}";
    private static final String XML =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <error>
              <message>%s</message>
              <requestid>%s</requestid>
            </error>
            """;

    /** Kong's own templates where none is given. */
    public static ErrorTemplates of(
            String defaultType,
            Optional<String> json,
            Optional<String> html,
            Optional<String> plain,
            Optional<String> grpc) {
        return new ErrorTemplates(
                defaultType,
                Map.of(
                        "application/json", json.orElse(JSON),
                        "text/html", html.orElse(HTML),
                        "text/plain", plain.orElse(PLAIN),
                        "application/grpc", grpc.orElse(GRPC),
                        "application/xml", XML));
    }

    /** The body of an error. */
    public String body(String type, String message, String requestId) {
        var template = templates.getOrDefault(type, JSON);
        var parts = template.split("%s", 3);
        var body = new StringBuilder(parts[0]);
        if (parts.length > 1) {
            body.append(message).append(parts[1]);
        }
        if (parts.length > 2) {
            body.append(requestId).append(parts[2]);
        }
        return body.toString();
    }
}
