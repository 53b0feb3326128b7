// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.OneOf;
import ai.jan.kong.pdk.config.Protocols;
import ai.jan.kong.pdk.config.Required;
import java.util.Map;

/** The configuration of jan-quota. Each component says in its description what it is. */
@Protocols({"http", "https"})
public record QuotaConfig(
        @Required
                @OneOf({"llm-api-lite", "mcp-tools"})
                @Description(
                        "The service behind this route, as in jan-auth: the reservation is signed"
                                + " with its key.")
                String audience,
        @Required
                @Description(
                        "What callers may use, by their plan; * is every plan that is not named. A"
                                + " plan without an entry gets 403.")
                Map<String, PlanConfig> plans,
        @Description(
                        "What the members of a team may use together, besides their own limits: the"
                                + " team's name to the limits; * is each team that is not named.")
                Map<String, LimitsConfig> teams,
        @Description(
                        "What models cost, by name, other than by the backends file; * is each model"
                                + " that is named in neither.")
                Map<String, PriceConfig> prices,
        @Description(
                        "What calls of MCP tools count, by the tool's name; * is each tool that is not"
                                + " named. Only for mcp-tools.")
                Map<String, ToolConfig> tools,
        @Default("0")
                @Between(min = 0, max = 1000)
                @Description(
                        "As how many requests one counts that uses neither model nor tool; at 0 it is"
                                + " not counted and has no headers.")
                int otherRequests,
        @Default("4096")
                @Between(min = 0, max = 10_000_000)
                @Description(
                        "How many tokens are reserved for an answer that nothing limits. With"
                                + " jan-rewrite and its output_tokens there is none.")
                long outputTokens,
        @Default("4096")
                @Between(min = 0, max = 1_000_000)
                @Description(
                        "How many tokens are reserved for each picture, sound, film or file in a"
                                + " prompt: the most that one costs with the largest model.")
                long mediaTokens,
        @Default("50")
                @Between(min = 5, max = 5000)
                @Description("After how many milliseconds the database is taken not to answer.")
                int storeDeadline) {}
