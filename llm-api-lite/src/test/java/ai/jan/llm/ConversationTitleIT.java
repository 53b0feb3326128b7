// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.llm.TestingLlmApi.Caller;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** By what somebody finds a conversation again that a chat began or went on with. */
@Timeout(60)
class ConversationTitleIT {
    @AutoClose private static final TestingService service = TestingService.start();
    private static final Caller alice = service.alice();
    private String conversation;

    @BeforeEach
    void converse() throws Exception {
        conversation = alice.post("/v1/conversations", "{}").id();
    }

    @Test
    void isCalledAsItsFirstQuestionBeginsUntilItGetsATitle() throws Exception {
        alice.chat("\\u00e9".repeat(70), inConversation());
        assertThat(title()).isEqualTo("\u00e9".repeat(60));
        alice.post("/v1/conversations/" + conversation, "{\"title\":\"Accents\"}");
        alice.chat("another", inConversation());
        assertThat(title()).isEqualTo("Accents");
    }

    @Test
    void aReferrerBeginsAConversationOfItsOwn() throws Exception {
        var path = "/v1/chat/completions?referrer=app-1";
        var begun = alice.post(path, TestingLlmApi.chatBody("hello", ""));
        var id = begun.json().at("/conversation/id").asText();
        var continued = alice.post(path, TestingLlmApi.chatBody("more", inConversation()));
        assertThat(continued.json().at("/conversation/id").asText()).isEqualTo(conversation);

        var found = alice.get("/v1/conversations?referrer=app-1").json();
        assertThat(found.path("total").asInt()).isEqualTo(1);
        assertThat(found.at("/data/0/id").asText()).isEqualTo(id);
        assertThat(found.at("/data/0/referrer").asText()).isEqualTo("app-1");
        var long65 = "/v1/chat/completions?referrer=" + "x".repeat(65);
        var refused = alice.post(long65, TestingLlmApi.chatBody("hello", ""));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().path("param").asText()).isEqualTo("referrer");
    }

    private String inConversation() {
        return ",\"conversation\":\"" + conversation + "\"";
    }

    private String title() throws Exception {
        return alice.get("/v1/conversations/" + conversation).json().path("title").asText();
    }
}
