// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.Protocols;
import ai.jan.kong.pdk.config.Referenceable;
import ai.jan.kong.pdk.config.Required;
import ai.jan.kong.pdk.config.StartsWith;
import java.time.Duration;
import java.util.List;

/** The configuration of jan-identity. Each component says in its description what it is. */
@Protocols({"http", "https"})
public record IdentityConfig(
        @Required
                @Referenceable
                @Description(
                        "The authorization server that clients are sent to: the issuer of access"
                                + " tokens.")
                String issuer,
        @Required
                @Referenceable
                @Description(
                        "Where clients reach the gateway, such as https://api.example.com, without"
                                + " a path.")
                String publicUrl,
        @Default({"/v1", "/llm/v1", "/mcp", "/v1/mcp"})
                @StartsWith("/")
                @Description("The paths of the protected resources that have metadata (RFC 9728).")
                List<String> resources,
        @Default("llm-api")
                @Description("The public client of the realm that people's tokens are for.")
                String clientId,
        @Description(
                        "Where browsers may be sent after a login: an address, or with a slash at"
                                + " the end all that is below.")
                List<String> loginRedirects,
        @Default("5")
                @Between(min = 1, max = 1000)
                @Description("How many active API keys a user may have.")
                int maxKeys,
        @Default("7776000")
                @Between(min = 60, max = 315_360_000)
                @Description(
                        "The longest life of an API key, and its life if none is asked for, in"
                                + " seconds.")
                Duration keyLifetime,
        @Default("86400")
                @Between(min = 0, max = 2_592_000)
                @Description("How many seconds the old API key works on after a rotation.")
                Duration keyOverlap) {}
