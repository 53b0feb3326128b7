// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import static ai.jan.plugins.quota.TestingQuota.limits;
import static ai.jan.plugins.quota.TestingQuota.plan;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kong.testkit.simulated.SimulatedExchange;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to MCP tools: their cost is known before they are served. */
@Timeout(60)
class ToolQuotaIT {
    private static TestingDatabase server;
    private static Database database;

    private final TestingQuota quota =
            new TestingQuota(
                    new QuotaConfig(
                            "mcp-tools",
                            Map.of("user", plan(limits(10L, null))),
                            Map.of(),
                            Map.of(),
                            Map.of("python_exec", new ToolConfig(4, 0)),
                            1,
                            4096,
                            1000,
                            5000),
                    database,
                    4);

    @BeforeAll
    static void open() {
        server = TestingDatabase.migrated();
        database = server.open(LoginRole.PLUGINS);
    }

    @AfterAll
    static void close() {
        database.close();
        server.close();
    }

    @Test
    void aToolCountsWhatItsRouteSays() {
        send(call("python_exec"))
                .hasHeader("x-ratelimit-remaining-requests", "6")
                .upstreamHasNoHeader("x-jan-reservation");
        send(call("scrape")).hasHeader("x-ratelimit-remaining-requests", "5");
        send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")
                .hasHeader("x-ratelimit-remaining-requests", "4");
        send("[" + call("python_exec") + "]").hasHeader("x-ratelimit-remaining-requests", "0");
        send(call("scrape")).hasStatus(429);
    }

    @Test
    void aMessageThatCanBeReadInTwoWaysIsRefused() {
        send("{\"method\":\"tools/list\",\"method\":\"tools/call\"}").hasStatus(400);
        send("nonsense").hasStatus(400);
    }

    private SimulatedExchange send(String message) {
        return quota.send(SimulatedRequest.post("/mcp", message));
    }

    private static String call(String tool) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\"}}"
                .formatted(tool);
    }
}
