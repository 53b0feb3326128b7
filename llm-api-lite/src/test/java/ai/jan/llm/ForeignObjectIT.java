// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever names an object of somebody else is answered as if that did not exist: the same status
 * and, but for the id that was asked for, the same bytes. And nothing of it changes.
 */
@Timeout(60)
class ForeignObjectIT {
    private static TestingDatabase storage;
    private static TestingModelServer model;
    private static TestingLlmApi api;
    private static Caller alice;
    private static Caller mallory;

    /** What Alice and Mallory have, by kind. */
    private static final Map<String, String> ALICES = new HashMap<>();

    private static final Map<String, String> MALLORYS = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        storage = TestingDatabase.migrated();
        model = new TestingModelServer();
        api = TestingLlmApi.start(storage, TestingLlmApi.backend("one", model.url()));
        alice = api.caller("alice");
        mallory = api.caller("mallory");
        create(alice, ALICES);
        create(mallory, MALLORYS);
    }

    @AfterAll
    static void stop() {
        api.close();
        model.close();
        storage.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "GET; /v1/conversations/{conv}; -; 404",
                "POST; /v1/conversations/{conv}; {'metadata':{}}; 404",
                "DELETE; /v1/conversations/{conv}; -; 404",
                "GET; /v1/conversations/{conv}/items; -; 404",
                "POST; /v1/conversations/{conv}/items; {'items':[{'role':'user','content':'x'}]}; 404",
                "GET; /v1/conversations/{conv}/items/{=msg}; -; 404",
                "DELETE; /v1/conversations/{conv}/items/{=msg}; -; 404",
                "GET; /v1/conversations/{own conv}/items/{msg}; -; 404",
                "DELETE; /v1/conversations/{own conv}/items/{msg}; -; 404",
                "GET; /v1/conversations/{own conv}/items?after={msg}; -; 404",
                "GET; /v1/conversations?after={conv}; -; 404",
                "GET; /v1/conversations?project_id={proj}; -; 404",
                "POST; /v1/conversations/{own conv}/items; {'items':[{'type':'item_reference','id':'{msg}'}]}; 404",
                "POST; /v1/conversations; {'items':[{'type':'item_reference','id':'{msg}'}]}; 404",
                "POST; /v1/conversations; {'project_id':'{proj}'}; 404",
                "POST; /v1/conversations/{own conv}; {'project_id':'{proj}'}; 404",
                "POST; /v1/chat/completions; {'model':'M','messages':[{'role':'user','content':'x'}],'conversation':'{conv}'}; 404",
                "POST; /v1/chat/completions; {'model':'M','stream':true,'messages':[{'role':'user','content':'x'}],'conversation':{'id':'{conv}'}}; 404",
                "GET; /v1/chat/completions/{chat}; -; 404",
                "POST; /v1/chat/completions/{chat}; {'metadata':{}}; 404",
                "DELETE; /v1/chat/completions/{chat}; -; 404",
                "GET; /v1/chat/completions/{chat}/messages; -; 404",
                "GET; /v1/chat/completions/{own chat}/messages?after={chat}-0; -; 404",
                "GET; /v1/chat/completions?after={chat}; -; 404",
                "GET; /v1/responses/{resp}; -; 404",
                "GET; /v1/responses/{resp}?stream=true; -; 404",
                "DELETE; /v1/responses/{resp}; -; 404",
                "POST; /v1/responses/{resp}/cancel; -; 404",
                "GET; /v1/responses/{resp}/input_items; -; 404",
                "GET; /v1/responses/{own resp}/input_items?after={msg}; -; 404",
                "POST; /v1/responses; {'model':'M','input':'x','previous_response_id':'{resp}'}; 400",
                "POST; /v1/responses; {'model':'M','input':'x','store':false,'previous_response_id':'{resp}'}; 400",
                "POST; /v1/responses; {'model':'M','input':'x','conversation':'{conv}'}; 404",
                "POST; /v1/responses; {'model':'M','input':'x','stream':true,'conversation':'{conv}'}; 404",
                "POST; /v1/responses; {'model':'M','input':[{'type':'item_reference','id':'{msg}'}]}; 404",
                "POST; /v1/responses/input_tokens; {'model':'M','input':'x','conversation':'{conv}'}; 404",
                "POST; /v1/responses/input_tokens; {'model':'M','input':'x','previous_response_id':'{resp}'}; 400",
                "GET; /v1/projects/{proj}; -; 404",
                "PATCH; /v1/projects/{proj}; {'name':'mine'}; 404",
                "DELETE; /v1/projects/{proj}; -; 404",
                "GET; /v1/projects?after={proj}; -; 404",
                "GET; /v1/projects?cursor={proj}; -; 404",
                "GET; /v1/conversations/{conv}/items/{own msg}; -; 404",
                "DELETE; /v1/conversations/{conv}/items/{own msg}; -; 404",
                "POST; /v1/conversations/{conv}/items; {'items':[{'type':'item_reference','id':'{own msg}'}]}; 404",
                "POST; /v1/responses; {'model':'M','store':false,'input':[{'type':'item_reference','id':'{msg}'}]}; 404",
                "POST; /v1/responses; {'model':'M','input':[{'type':'item_reference','id':'{msg}'}],'conversation':'{own conv}'}; 404",
                "POST; /v1/responses/input_tokens; {'model':'M','input':[{'type':'item_reference','id':'{msg}'}]}; 404",
                // an id that somebody brings along is his own, whoever else has one like it
                "POST; /v1/conversations/{own conv}/items; {'items':[{'id':'{msg}','role':'user','content':'mine'}]}; 200",
            })
    void answersLikeAnUnknownOne(String method, String path, String body, int status)
            throws Exception {
        var kind =
                path.concat(String.valueOf(body))
                        .replaceAll("(?s).*\\{(conv|msg|proj|chat|resp)}.*", "$1");
        var foreignId = ALICES.get(kind);
        var unknownId = "%s%s".formatted(foreignId.substring(0, foreignId.length() - 6), "zzzzzz");

        var foreign = ask(method, path, body, kind, foreignId);
        var unknown = ask(method, path, body, kind, unknownId);

        assertThat(foreign.status()).isEqualTo(status);
        assertThat(unknown.status()).isEqualTo(status);
        assertThat(foreign.text().replace(foreignId, "ID"))
                .isEqualTo(unknown.text().replace(unknownId, "ID"));
        assertThat(foreign.http().headers().map().keySet())
                .isEqualTo(unknown.http().headers().map().keySet());
        assertUnharmed();
    }

    /** Every route that names an object of somebody is tried above. */
    @Test
    void noRouteIsForgotten() throws Exception {
        var tried =
                ForeignObjectIT.class
                        .getDeclaredMethod(
                                "answersLikeAnUnknownOne",
                                String.class,
                                String.class,
                                String.class,
                                int.class)
                        .getAnnotation(CsvSource.class)
                        .value();
        var routes =
                Arrays.stream(tried)
                        .map(row -> row.split(";"))
                        .map(row -> row[0].strip() + " " + row[1].strip().replaceFirst("\\?.*", ""))
                        .map(route ->
                                route.replaceAll("\\{(?:=|own )?msg}", "{item}")
                                        .replaceAll("\\{(?:own )?(?:conv|chat|resp|proj)}", "{id}"))
                        .collect(Collectors.toSet());
        assertThat(routes)
                .containsAll(
                        api.routes().stream()
                                .filter(route -> route.contains("{") && !route.contains("/models"))
                                .toList());
    }

    private static Reply ask(String method, String path, String body, String kind, String id)
            throws Exception {
        return mallory.send(
                method, filled(path, kind, id), body == null ? null : filled(body, kind, id));
    }

    private static String filled(String text, String kind, String id) {
        var filled = text.replace("{" + kind + "}", id).replace('\'', '"');
        for (var mine : MALLORYS.entrySet()) {
            filled = filled.replace("{own " + mine.getKey() + "}", mine.getValue());
        }
        return filled.replace("{=msg}", ALICES.get("msg"))
                .replace("\"M\"", "\"" + TestingLlmApi.MODEL + "\"");
    }

    private static void assertUnharmed() throws Exception {
        for (var path :
                new String[] {
                    "/v1/conversations/" + ALICES.get("conv") + "/items/" + ALICES.get("msg"),
                    "/v1/chat/completions/" + ALICES.get("chat"),
                    "/v1/responses/" + ALICES.get("resp"),
                    "/v1/projects/" + ALICES.get("proj")
                }) {
            assertThat(alice.get(path).status()).as(path).isEqualTo(200);
        }
    }

    private static void create(Caller owner, Map<String, String> objects) throws Exception {
        var conversation =
                owner.post(
                        "/v1/conversations",
                        "{\"items\":[{\"role\":\"user\",\"content\":\"secret\"}]}");
        objects.put("conv", conversation.id());
        objects.put(
                "msg",
                owner.get("/v1/conversations/" + conversation.id() + "/items")
                        .json()
                        .at("/data/0/id")
                        .asText());
        objects.put("chat", owner.chat("hello", ",\"store\":true").id());
        objects.put(
                "resp",
                owner.post(
                                "/v1/responses",
                                "{\"model\":\"" + TestingLlmApi.MODEL + "\",\"input\":\"hello\"}")
                        .id());
        objects.put("proj", owner.post("/v1/projects", "{\"name\":\"secret\"}").id());
    }
}
