// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static ai.jan.kong.pdk.config.NotScopedTo.Scope.CONSUMER;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.Length;
import ai.jan.kong.pdk.config.NotScopedTo;
import ai.jan.kong.pdk.config.OneOf;
import ai.jan.kong.pdk.config.Protocols;
import ai.jan.kong.pdk.config.Referenceable;
import ai.jan.kong.pdk.config.Required;
import ai.jan.kong.pdk.config.StartsWith;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configuration of jan-auth. Each component says in its description what it is. */
@NotScopedTo(CONSUMER) // it is what finds out who the consumer is
@Protocols({"http", "https"})
public record AuthConfig(
        @Required
                @OneOf({"llm-api-lite", "mcp-tools", "jan-identity"})
                @Description(
                        "The service behind this route, or the plugin that answers it. The identity"
                                + " is signed with the key that the plugin server shares with it,"
                                + " and with no other.")
                String audience,
        @Required
                @Referenceable
                @Description(
                        "The issuer of access tokens, exactly as in their claim iss, such as"
                                + " https://login.example.com/realms/jan.")
                String issuer,
        @Required
                @Referenceable
                @Description(
                        "Where the plugin server fetches the issuer's public keys (JWKS). May be an"
                                + " address inside the platform.")
                String jwksUri,
        @Default("llm-api")
                @Length(min = 1)
                @Description("An access token must name at least one of these in its claim aud.")
                Set<String> tokenAudiences,
        @Description(
                        "Further issuers whose access tokens are accepted. Their roles count as much"
                                + " as those of the first.")
                List<OtherIssuer> otherIssuers,
        @Default({"guest", "user", "pro", "admin"})
                @Length(min = 1)
                @Description(
                        "The plans, lowest first. A realm role of the same name grants a plan; a"
                                + " caller is on the highest plan granted, or on the lowest of all.")
                List<String> plans,
        @Description("Plans granted by realm roles of other names: role to plan.")
                Map<String, String> rolePlans,
        @Description(
                        "The Kong consumer that stands for a plan: plan to the consumer's id. Plugins"
                                + " can then be given per plan.")
                Map<String, String> consumers,
        @Nullable
                @Description(
                        "Lets in who sends no credential at all, on this plan. Not set: they get"
                                + " 401. A wrong credential is refused in any case.")
                String anonymousPlan,
        @Default({"guests", "users"})
                @Description(
                        "Groups of the realm that are no teams. A caller's team is the first other"
                                + " group.")
                Set<String> noTeams,
        @Description("Who has none of these realm roles gets 403; empty: nobody needs a role.")
                Set<String> requiredRoles,
        @Description("Who has not all of these scopes gets 403.") Set<String> requiredScopes,
        @Referenceable
                @Nullable
                @Description(
                        "Where clients reach the gateway, such as https://api.example.com. With"
                                + " resource it makes the resource_metadata of WWW-Authenticate.")
                String publicUrl,
        @StartsWith("/")
                @Nullable
                @Description(
                        "The path of the protected resource behind this route, such as /mcp, for"
                                + " clients that look for its authorization server.")
                String resource,
        @Default("10")
                @Between(min = 0, max = 300)
                @Description("By how many seconds the issuer's clock may differ from ours.")
                Duration clockSkew) {}
