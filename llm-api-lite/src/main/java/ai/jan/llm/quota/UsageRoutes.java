// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.quota;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.quota.Ledger;
import ai.jan.quota.Usage;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** {@code GET /v1/usage}: what a caller used, by day (UTC) and model. An administrator sees all. */
public final class UsageRoutes {
    private static final String ADMIN = "admin";
    private static final int DEFAULT_DAYS = 30;
    private static final int MOST_DAYS = 366;

    private final Ledger ledger;
    private final InstantSource clock;

    public UsageRoutes(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** With {@code start_date} and {@code end_date}, both included, and {@code user} for admins. */
    public void list(Exchange exchange, Identity caller) throws IOException {
        var user = exchange.query("user").orElse(caller.subject());
        if (!user.equals(caller.subject()) && !caller.roles().contains(ADMIN)) {
            throw new ApiProblem(
                    403,
                    ApiProblem.INVALID_REQUEST,
                    "insufficient_permissions",
                    "user",
                    "You may see your own usage only.");
        }
        var to =
                date(exchange, "end_date")
                        .orElse(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        var from = date(exchange, "start_date").orElse(to.minusDays(DEFAULT_DAYS - 1));
        if (from.isAfter(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
            throw ApiProblem.badRequest(
                    "invalid_value",
                    "start_date",
                    "'start_date' must be at most %d days before 'end_date'.".formatted(MOST_DAYS));
        }
        var answer = Json.object().put("object", "list");
        var data = answer.putArray("data");
        ledger.used(user, from, to).forEach(usage -> data.add(json(usage)));
        answer.put("user", user).put("start_date", "" + from).put("end_date", "" + to);
        exchange.send(200, answer);
    }

    private static ObjectNode json(Usage usage) {
        return Json.object()
                .put("object", "usage.day")
                .put("date", usage.day().toString())
                .put("model", usage.model())
                .put("requests", usage.requests())
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens())
                .put("cost", BigDecimal.valueOf(usage.money(), 9).stripTrailingZeros());
    }

    private static Optional<LocalDate> date(Exchange exchange, String name) {
        try {
            return exchange.query(name).map(LocalDate::parse);
        } catch (DateTimeException e) {
            throw ApiProblem.badRequest(
                            "invalid_value",
                            name,
                            "'%s' must be a date such as 2026-11-23.".formatted(name))
                    .because(e);
        }
    }
}
