// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import okhttp3.Dns;
import okhttp3.MediaType;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/** {@code scrape}: what a page of the public web says. */
public final class Scrape implements Tool {
    private static final ToolDefinition DEFINITION = ToolDefinition.ours("scrape");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(30), 32);
    private static final Duration ONE_PAGE = Duration.ofSeconds(20);
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int MAX_TEXT = 100_000;
    private static final int PREVIEW = 600;
    private static final int PARSERS = 2;
    private static final Set<String> MARKUP = Set.of("text/html", "application/xhtml+xml");
    private static final Set<String> TYPES =
            Set.of(
                    "text/html",
                    "application/xhtml+xml",
                    "text/plain",
                    "text/markdown",
                    "text/csv",
                    "text/xml",
                    "application/xml",
                    "application/json",
                    "application/ld+json",
                    "application/rss+xml",
                    "application/atom+xml");

    private final Web web;
    private final Web.Permission permission;
    private final Clock clock;

    /** A page as a tree takes processors and memory; what others wait for takes neither. */
    private final Semaphore parsers = new Semaphore(PARSERS, true);

    Scrape(Web web, Web.Permission permission, Clock clock) {
        this.web = web;
        this.permission = permission;
        this.clock = clock;
    }

    /** Fetches from public addresses only. */
    public static Scrape of(ScrapeSettings settings, Clock clock) {
        var web = new Web(new PublicAddresses(), Web.USUAL_PORTS, Dns.SYSTEM, ONE_PAGE, MAX_BYTES);
        return new Scrape(
                web, settings.heedsRobots() ? new Robots(web, clock) : Web.Permission.ALL, clock);
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public Answer call(Identity caller, Arguments arguments)
            throws IOException, InterruptedException {
        var page = web.get(web.address(arguments.text("url")), TYPES, permission);
        if (page.status() >= 400) {
            throw ToolFailure.refused("The site answered with status " + page.status() + ".");
        }
        var type = MediaType.parse(page.contentType());
        boolean isMarkup = type != null && MARKUP.contains(type.type() + "/" + type.subtype());
        var charset = type == null ? null : type.charset();
        var answer = Json.object().put("source_url", page.url().toString());
        var metadata =
                isMarkup
                        ? markup(answer, page, charset, arguments.flag("includeMarkdown", false))
                        : plain(answer, page, charset);
        metadata.put("status", page.status()).put("content_type", page.contentType());
        answer.set("metadata", metadata);
        answer.put("cache_status", "live").put("fetched_at", clock.instant().toString());
        return new Answer.Structured(answer);
    }

    private ObjectNode markup(
            ObjectNode answer, Web.Page page, @Nullable Charset charset, boolean markdown)
            throws IOException, InterruptedException {
        parsers.acquire();
        try {
            var html = HtmlPage.parse(page.body(), charset, page.url());
            var document = html.document();
            say(answer, PageText.of(document, false, MAX_TEXT));
            if (markdown) {
                answer.put("markdown", PageText.of(document, true, MAX_TEXT));
            }
            return Json.object()
                    .put("title", PageText.cut(document.title(), PREVIEW))
                    .put("description", described(document))
                    .put("language", PageText.cut(document.select("html").attr("lang"), 40))
                    .put("truncated", !page.isWhole() || !html.isWhole() || isCut(answer));
        } finally {
            parsers.release();
        }
    }

    private static ObjectNode plain(ObjectNode answer, Web.Page page, @Nullable Charset charset) {
        var text = page.body().string(charset == null ? StandardCharsets.UTF_8 : charset);
        say(answer, PageText.cut(text, MAX_TEXT));
        return Json.object()
                .put("title", "")
                .put("description", "")
                .put("language", "")
                .put("truncated", !page.isWhole() || isCut(answer));
    }

    private static void say(ObjectNode answer, String text) {
        answer.put("text", text).put("text_preview", PageText.cut(text, PREVIEW));
    }

    private static String described(Document page) {
        var description = page.select("meta[name=description]").attr("content");
        return PageText.cut(description, PREVIEW);
    }

    private static boolean isCut(ObjectNode answer) {
        return answer.path("text").textValue().length() >= MAX_TEXT - 1;
    }
}
