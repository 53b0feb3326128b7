// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import ai.jan.database.Database;
import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.http.Router;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.llm.backend.AdminModelRoutes;
import ai.jan.llm.backend.Availability;
import ai.jan.llm.backend.ModelRoutes;
import ai.jan.llm.backend.ModelSwitches;
import ai.jan.llm.backend.Models;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.backend.UpstreamFailure;
import ai.jan.llm.chat.ChatCompletions;
import ai.jan.llm.completion.StoredCompletionRoutes;
import ai.jan.llm.completion.StoredCompletions;
import ai.jan.llm.conversation.ConversationItems;
import ai.jan.llm.conversation.ConversationRoutes;
import ai.jan.llm.conversation.ConversationWriter;
import ai.jan.llm.conversation.Conversations;
import ai.jan.llm.conversation.ItemRoutes;
import ai.jan.llm.identity.IdentityGate;
import ai.jan.llm.openapi.OpenApi;
import ai.jan.llm.project.ProjectRoutes;
import ai.jan.llm.project.Projects;
import ai.jan.llm.quota.Quota;
import ai.jan.llm.quota.UsageRoutes;
import ai.jan.llm.relay.RelayRoutes;
import ai.jan.llm.response.CreateResponse;
import ai.jan.llm.response.ResponseRoutes;
import ai.jan.llm.response.Responses;
import ai.jan.llm.retention.DataRoutes;
import ai.jan.llm.retention.OwnedData;
import ai.jan.quota.Ledger;
import java.io.IOException;
import java.time.Clock;

/** The service, put together. */
final class LlmApi {
    private LlmApi() {}

    /**
     * @param quota closed by the caller, after the server
     */
    static HttpServer start(
            HttpSettings http,
            Database database,
            IdentityVerifier verifier,
            Quota quota,
            Models models,
            Telemetry telemetry)
            throws IOException {
        var router = router(database, verifier, quota, models, telemetry);
        return HttpServer.start(http, router, LlmApi::problem, telemetry);
    }

    /** All routes; openapi.yml describes them. */
    static Router router(
            Database database,
            IdentityVerifier verifier,
            Quota quota,
            Models models,
            Telemetry telemetry)
            throws IOException {
        var upstream = new Upstream(models, telemetry.metrics().backends());
        var projects = new Projects(database);
        var conversations = new Conversations(database);
        var items = new ConversationItems(database);
        var responses = new Responses(database);
        var completions = new StoredCompletions(database);
        var writer = new ConversationWriter(database, conversations, items);

        var gate = new IdentityGate(verifier);
        var modelRoutes = new ModelRoutes(models);
        var chat =
                new ChatCompletions(
                        models, upstream, conversations, writer, items, completions, quota);
        var relay = new RelayRoutes(models, upstream, quota);
        var adminModels = new AdminModelRoutes(models, new ModelSwitches(database));
        var conversationRoutes = new ConversationRoutes(conversations, writer, projects);
        var completionRoutes = new StoredCompletionRoutes(completions);
        var createResponse =
                new CreateResponse(
                        models,
                        upstream,
                        database,
                        responses,
                        conversations,
                        writer,
                        items,
                        quota,
                        LlmApi::problem);
        var responseRoutes = new ResponseRoutes(database, responses);
        var projectRoutes = new ProjectRoutes(projects);
        var itemRoutes = new ItemRoutes(conversations, items, writer);
        var usage = new UsageRoutes(new Ledger(database), Clock.systemUTC());
        var data = new DataRoutes(new OwnedData(database));
        var health = new HealthRoutes(database, new Availability(models));

        var completion = "/v1/chat/completions/{id}";
        var catalogs = "/v1/admin/models/catalogs";
        var response = "/v1/responses/{id}";
        var one = "/v1/conversations/{id}";
        return new Router()
                .get("/openapi.json", OpenApi.load()::send)
                .get("/healthz", health::live)
                .get("/readyz", health::ready)
                .get("/v1/version", gate.protect((exchange, _) -> health.version(exchange)))
                .get("/v1/healthz", gate.protect((exchange, _) -> health.live(exchange)))
                .get("/v1/readyz", gate.protect((exchange, _) -> health.ready(exchange)))
                .get("/v1/models", gate.protect(modelRoutes::list))
                .get("/v1/models/{id...}", gate.protect(modelRoutes::retrieve))
                .get("/v1/models/catalogs/{id...}", gate.protect(modelRoutes::catalog))
                .get("/v1/models/providers", gate.protect(modelRoutes::providers))
                .get(catalogs, gate.protect(adminModels::list))
                .get(catalogs + "/{id...}", gate.protect(adminModels::retrieve))
                .patch(catalogs + "/{id...}", gate.protect(adminModels::update))
                .post(catalogs + "/bulk-toggle", gate.protect(adminModels::toggle))
                .post("/v1/completions", gate.protect(relay::complete))
                .post("/v1/embeddings", gate.protect(relay::embed))
                .post("/v1/chat/completions", gate.protect(chat::create))
                .get("/v1/chat/completions", gate.protect(completionRoutes::list))
                .get(completion, gate.protect(completionRoutes::retrieve))
                .post(completion, gate.protect(completionRoutes::update))
                .delete(completion, gate.protect(completionRoutes::delete))
                .get(completion + "/messages", gate.protect(completionRoutes::messages))
                .post("/v1/conversations", gate.protect(conversationRoutes::create))
                .get("/v1/conversations", gate.protect(conversationRoutes::list))
                .delete("/v1/conversations", gate.protect(conversationRoutes::deleteAll))
                .get(one, gate.protect(conversationRoutes::retrieve))
                .post(one, gate.protect(conversationRoutes::update))
                .delete(one, gate.protect(conversationRoutes::delete))
                .post(one + "/items", gate.protect(itemRoutes::create))
                .get(one + "/items", gate.protect(itemRoutes::list))
                .get(one + "/items/{item}", gate.protect(itemRoutes::retrieve))
                .delete(one + "/items/{item}", gate.protect(itemRoutes::delete))
                .post("/v1/responses", gate.protect(createResponse::create))
                .post("/v1/responses/input_tokens", gate.protect(createResponse::inputTokens))
                .get(response, gate.protect(responseRoutes::retrieve))
                .delete(response, gate.protect(responseRoutes::delete))
                .post(response + "/cancel", gate.protect(responseRoutes::cancel))
                .get(response + "/input_items", gate.protect(responseRoutes::inputItems))
                .post("/v1/projects", gate.protect(projectRoutes::create))
                .get("/v1/projects", gate.protect(projectRoutes::list))
                .get("/v1/projects/{id}", gate.protect(projectRoutes::retrieve))
                .patch("/v1/projects/{id}", gate.protect(projectRoutes::update))
                .delete("/v1/projects/{id}", gate.protect(projectRoutes::delete))
                .delete("/v1/user/data", gate.protect(data::erase))
                .get("/v1/usage", gate.protect(usage::list));
    }

    /** What a client is told when something this service needs does not work. */
    private static ApiProblem problem(Throwable failure) {
        return switch (failure) {
            case UpstreamFailure upstream -> upstream.problem();
            case DatabaseUnavailable _ ->
                    ApiProblem.unavailable(null, "The storage is not available. Please try again.")
                            .header("Retry-After", "1");
            default -> ApiProblem.internal();
        };
    }
}
