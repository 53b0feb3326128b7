// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.ToolFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is searched for.
 *
 * @param period one of Google's {@code qdr:} codes
 * @param domains the only ones that are wanted; empty means all
 */
record SearchQuery(
        String text,
        int count,
        int page,
        @Nullable String country,
        @Nullable String language,
        @Nullable String location,
        @Nullable String period,
        boolean autocorrect,
        List<String> domains) {

    /**
     * @param operators the domains of which the operator wants results, if he named any
     */
    static SearchQuery of(Arguments arguments, List<String> operators) {
        var wanted = arguments.texts("domain_allow_list");
        if (!DomainList.areDomains(wanted)) {
            throw ToolFailure.argument(
                    "domain_allow_list", "must hold domains such as example.com.");
        }
        return new SearchQuery(
                arguments.text("q").strip(),
                arguments.number("num", 10),
                arguments.number("page", 1),
                arguments.optionalText("gl").orElse(null),
                arguments.optionalText("hl").orElse(null),
                arguments
                        .optionalText("location")
                        .or(() -> arguments.optionalText("location_hint"))
                        .orElse(null),
                arguments.optionalText("tbs").orElse(null),
                arguments.flag("autocorrect", true),
                DomainList.normalized(wanted.isEmpty() ? operators : wanted));
    }

    /** The text, with the domains for an engine that understands them. */
    String textWithDomains() {
        if (domains.isEmpty()) {
            return text;
        }
        return text
                + " ("
                + String.join(" OR ", domains.stream().map(domain -> "site:" + domain).toList())
                + ")";
    }
}
