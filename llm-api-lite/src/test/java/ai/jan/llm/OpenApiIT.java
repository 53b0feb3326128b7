// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.llm.TestingLlmApi.Caller;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The description of the routes says what the service does. */
@Timeout(60)
class OpenApiIT {
    @AutoClose private static final TestingService service = TestingService.start();
    private static final Caller alice = service.alice();
    private static JsonNode document;

    @BeforeAll
    static void read() throws Exception {
        document = alice.get("/openapi.json").json();
    }

    @Test
    void describesEveryRouteAndNoOther() throws Exception {
        var described = new TreeSet<String>();
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .fieldNames()
                                .forEachRemaining(method ->
                                        described.add(
                                                method.toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey())));
        var routes =
                service.api().routes().stream()
                        .map(route -> route.replace("...}", "}"))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        var references = new ArrayList<String>();
        collect(document, references);
        assertThat(references).hasSizeGreaterThan(100);
        for (var reference : references) {
            assertThat(reference).startsWith("#/");
            assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        }
    }

    @Test
    void everyOperationHasANameOfItsOwn() {
        var names = new ArrayList<String>();
        document.path("paths")
                .forEach(path ->
                        path.forEach(
                                operation -> names.add(operation.path("operationId").asText())));
        assertThat(names).doesNotHaveDuplicates().doesNotContain("");
    }

    /**
     * Each bound and each list of values of a request's members is tried out: what is just allowed
     * is accepted, what is just not is refused with the member's name.
     */
    @Test
    void theBoundsOfTheDocumentAreThoseOfTheCode() throws Exception {
        tryOut(
                "/v1/chat/completions",
                "ChatRequest",
                "{\"model\":\""
                        + TestingLlmApi.MODEL
                        + "\",\"stream\":false,\"logprobs\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        tryOut(
                "/v1/responses",
                "ResponseRequest",
                "{\"model\":\"" + TestingLlmApi.MODEL + "\",\"stream\":false,\"input\":\"x\"}");
    }

    private static void tryOut(String path, String schema, String request) throws Exception {
        int tried = 0;
        var properties = document.at("/components/schemas/" + schema + "/properties");
        for (var property : properties.properties()) {
            var name = property.getKey();
            var rule = property.getValue();
            if (rule.has("minimum")) {
                assertAnswer(path, request, name, rule.path("minimum"), 200);
                assertAnswer(
                        path,
                        request,
                        name,
                        Json.parse("" + (rule.path("minimum").asLong() - 1)),
                        400);
                assertAnswer(path, request, name, rule.path("maximum"), 200);
                assertAnswer(
                        path,
                        request,
                        name,
                        Json.parse("" + (rule.path("maximum").asLong() + 1)),
                        400);
                tried++;
            }
            if (rule.path("enum").isArray()) {
                for (var value : rule.path("enum")) {
                    assertAnswer(path, request, name, value, 200);
                }
                assertAnswer(path, request, name, Json.parse("\"no such value\""), 400);
                tried++;
            }
            if (rule.path("type").toString().contains("null")) {
                assertAnswer(
                        path, request, name, Json.parse("null"), name.equals("input") ? 400 : 200);
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(10);
    }

    private static void assertAnswer(
            String path, String request, String name, JsonNode value, int status)
            throws IOException, InterruptedException {
        var body = (ObjectNode) Json.parse(request);
        body.set(name, value);
        var reply = alice.post(path, Json.text(body));
        assertThat(reply.status()).as(name + ": " + value).isEqualTo(status);
        if (status == 400 && !value.isNull()) {
            assertThat(reply.error().path("param").asText()).isEqualTo(name);
        }
    }

    private static void collect(JsonNode node, ArrayList<String> references) {
        if (node.path("$ref").isTextual()) {
            references.add(node.path("$ref").textValue());
        }
        node.forEach(child -> collect(child, references));
    }
}
