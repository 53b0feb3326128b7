// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.Length;
import ai.jan.kong.pdk.config.OneOf;
import ai.jan.kong.pdk.config.Protocols;
import ai.jan.kong.pdk.config.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration of jan-rewrite. Each component says in its description what it is. */
@Protocols({"http", "https"})
public record RewriteConfig(
        @Required
                @OneOf({"llm-api-lite", "mcp-tools"})
                @Description(
                        "The service behind this route, as in jan-auth: the identity is read and"
                                + " signed again with its key.")
                String audience,
        @Description("Names that stand for other models.") List<AliasConfig> aliases,
        @Description(
                        "What callers may ask for, by their plan; * is every plan that is not named."
                                + " Without any entry everybody may ask for everything; with"
                                + " entries a plan that has none gets 403.")
                Map<String, PlanConfig> plans,
        @Description(
                        "What becomes of single parameters: name to refuse, strip or allow. It comes"
                                + " before what the plugin knows of them.")
                Map<String, Treatment> parameters,
        @Default("refuse") @Description("What becomes of parameters that nobody knows.")
                Treatment unknownParameters,
        @Default("refuse")
                @Description(
                        "Pictures and sounds by http or https address, which the model server would"
                                + " fetch: refuse, or allow if it is confined to addresses outside.")
                @OneOf({"refuse", "allow"})
                String remoteMedia,
        @Nullable
                @Length(min = 1, max = 100_000)
                @Description(
                        "Put before everything the client says, on this route; the client cannot take"
                                + " it away.")
                String systemPrompt,
        @Description("What no request may say, in any text of it.") List<GuardRule> guard,
        HeaderConfig headers,
        @Default("8388608")
                @Between(min = 1024, max = 67_108_864)
                @Description("The largest body, also when decompressed; a larger one gets 413.")
                int maxBodyBytes,
        @Default("1")
                @Between(min = 1, max = 16)
                @Description(
                        "How many bytes of a prompt are taken for a token. At 1 no prompt costs more"
                                + " than is estimated; at 4 English costs about as much.")
                int bytesPerToken) {}
