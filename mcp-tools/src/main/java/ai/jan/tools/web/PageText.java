// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/**
 * What a page says, as plain text or as Markdown: headings, lists, links, code and quotations.
 * Scripts, styles, forms and what frames the page are left out.
 */
final class PageText implements NodeFilter {
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "script",
                    "style",
                    "noscript",
                    "template",
                    "svg",
                    "iframe",
                    "form",
                    "nav",
                    "footer",
                    "aside");
    private static final Set<String> BLOCKS =
            Set.of(
                    "p",
                    "div",
                    "section",
                    "article",
                    "main",
                    "ul",
                    "ol",
                    "table",
                    "tr",
                    "pre",
                    "blockquote",
                    "h1",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "figure",
                    "dl",
                    "dt",
                    "dd");
    private static final int ENOUGH = 200;
    private static final int LONGEST_LINK = 2_048;

    private final boolean markdown;
    private final int most;
    private final StringBuilder text = new StringBuilder();
    private int verbatim;

    private PageText(boolean markdown, int most) {
        this.markdown = markdown;
        this.most = most;
    }

    /**
     * The part that the page itself calls its content, if that says something, else all of it.
     *
     * @param most characters at most
     */
    static String of(Document page, boolean markdown, int most) {
        var main = page.selectFirst("main, article, [role=main]");
        var content = main == null ? "" : read(main, markdown, most);
        return content.length() >= ENOUGH ? content : read(page.body(), markdown, most);
    }

    private static String read(Element content, boolean markdown, int most) {
        var reader = new PageText(markdown, most);
        NodeTraversor.filter(reader, content);
        // The look-behind, or a long run of spaces would be looked at from each of them.
        var text = reader.text.toString().replaceAll("(?<![ \\t])[ \\t]++\\n", "\n").strip();
        return cut(text.replaceAll("\\n{3,}", "\n\n"), most);
    }

    /** The beginning of a text; a character that takes two is not split. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (text.length() > 2 * most) {
            return FilterResult.STOP;
        }
        switch (node) {
            case TextNode words when verbatim > 0 ->
                    text.append(cut(words.getWholeText(), 2 * most));
            case TextNode words -> say(words.text());
            case Element element when isLeftOut(element) -> {
                return FilterResult.SKIP_ENTIRELY;
            }
            case Element element -> open(element);
            default -> {}
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            close(element);
        }
        return FilterResult.CONTINUE;
    }

    private static boolean isLeftOut(Element element) {
        return LEFT_OUT.contains(element.normalName())
                || element.hasAttr("hidden")
                || element.attr("aria-hidden").equals("true");
    }

    private void open(Element element) {
        var name = element.normalName();
        if (BLOCKS.contains(name)) {
            newLine(name.equals("tr") || name.equals("dt") || name.equals("dd") ? 1 : 2);
        }
        switch (name) {
            case "br" -> newLine(1);
            case "li" -> {
                newLine(1);
                text.append("- ");
            }
            case "td", "th" -> text.append(startsLine() ? "" : " | ");
            case "pre" -> {
                mark("```\n");
                verbatim++;
            }
            case "code" -> mark(verbatim > 0 ? "" : "`");
            case "blockquote" -> mark("> ");
            case "strong", "b" -> mark("**");
            case "em", "i" -> mark("*");
            case "a" -> mark(hasLink(element) ? "[" : "");
            case "h1", "h2", "h3", "h4", "h5", "h6" -> mark("#".repeat(name.charAt(1) - '0') + " ");
            default -> {}
        }
    }

    private void close(Element element) {
        var name = element.normalName();
        switch (name) {
            case "pre" -> {
                verbatim--;
                mark("\n```");
            }
            case "code" -> mark(verbatim > 0 ? "" : "`");
            case "strong", "b" -> mark("**");
            case "em", "i" -> mark("*");
            case "a" -> mark(hasLink(element) ? "](" + element.absUrl("href") + ")" : "");
            default -> {}
        }
        if (BLOCKS.contains(name)) {
            newLine(name.equals("tr") || name.equals("dt") || name.equals("dd") ? 1 : 2);
        }
    }

    private boolean hasLink(Element element) {
        return markdown
                && element.attr("href").length() <= LONGEST_LINK
                && element.absUrl("href").toLowerCase(Locale.ROOT).startsWith("http");
    }

    private void mark(String sign) {
        if (markdown) {
            text.append(sign);
        }
    }

    private void say(String words) {
        text.append(startsLine() ? words.stripLeading() : words);
    }

    private boolean startsLine() {
        return text.isEmpty() || text.charAt(text.length() - 1) == '\n';
    }

    private void newLine(int lines) {
        int there = 0;
        while (there < text.length() && text.charAt(text.length() - 1 - there) == '\n') {
            there++;
        }
        text.append("\n".repeat(text.isEmpty() ? 0 : Math.max(0, lines - there)));
    }
}
