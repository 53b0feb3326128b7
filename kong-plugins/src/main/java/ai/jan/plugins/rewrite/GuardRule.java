// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.Length;
import ai.jan.kong.pdk.config.Required;

/** Something that no request may say. */
public record GuardRule(
        @Required
                @Length(min = 1, max = 1000)
                @Description(
                        "A regular expression in the syntax of RE2, found anywhere in a text, such as"
                                + " (?i)\\bproject nessie\\b.")
                String pattern,
        @Default("The request was refused by the content policy of this platform.")
                @Description("What the client is told.")
                String message) {}
