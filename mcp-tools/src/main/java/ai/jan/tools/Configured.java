// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.database.Database;
import ai.jan.tools.embed.Embedder;
import ai.jan.tools.file.Documents;
import ai.jan.tools.file.FileSearchDelete;
import ai.jan.tools.file.FileSearchIndex;
import ai.jan.tools.file.FileSearchList;
import ai.jan.tools.file.FileSearchQuery;
import ai.jan.tools.python.PythonExec;
import ai.jan.tools.search.GoogleSearch;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.web.Scrape;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Our own tools: each that has what it needs. */
final class Configured {
    private Configured() {}

    static List<Tool> tools(
            McpToolsSettings settings, Database database, Embedder embedder, Clock clock) {
        var tools = new ArrayList<Tool>();
        GoogleSearch.of(settings.search(), clock).ifPresent(tools::add);
        if (settings.scrape().on()) {
            tools.add(Scrape.of(settings.scrape(), clock));
        }
        settings.python().map(python -> new PythonExec(python, clock)).ifPresent(tools::add);
        var documents = new Documents(database);
        tools.add(new FileSearchIndex(documents, embedder));
        tools.add(new FileSearchQuery(database, embedder));
        tools.add(new FileSearchList(documents));
        tools.add(new FileSearchDelete(documents));
        return tools;
    }
}
