// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.Length;
import ai.jan.kong.pdk.config.Referenceable;
import ai.jan.kong.pdk.config.Required;
import java.util.Set;

/** One more issuer of access tokens that a route trusts. */
public record OtherIssuer(
        @Required @Referenceable @Description("The exact claim iss of its tokens.") String issuer,
        @Required @Referenceable @Description("Where its public keys (JWKS) are fetched.")
                String jwksUri,
        @Required
                @Length(max = 64)
                @Description(
                        "Put before the subjects of this issuer, so that it cannot name the users of"
                                + " another: letters, digits, . _ - and a colon at the end, such"
                                + " as partner:")
                String subjectPrefix,
        @Default("llm-api")
                @Length(min = 1)
                @Description("Its tokens must name at least one of these in their claim aud.")
                Set<String> tokenAudiences) {}
