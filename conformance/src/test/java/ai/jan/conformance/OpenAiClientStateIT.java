// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionListParams;
import com.openai.models.conversations.ConversationCreateParams;
import com.openai.models.conversations.ConversationUpdateParams;
import com.openai.models.conversations.items.ConversationItem;
import com.openai.models.conversations.items.ItemCreateParams;
import com.openai.models.conversations.items.ItemDeleteParams;
import com.openai.models.conversations.items.ItemListPage;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.conversations.items.ItemRetrieveParams;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the platform keeps, as the official client sees it: conversations, responses, completions.
 */
@ExtendWith(SharedStack.class)
class OpenAiClientStateIT {
    private static TestingModel model;
    private static OpenAIClient client;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        model = running.model();
        client = running.client(running.stack().apiKey());
    }

    @Test
    void aConversationLivesFromCreationToDeletion() {
        var created =
                client.conversations()
                        .create(
                                ConversationCreateParams.builder()
                                        .metadata(
                                                ConversationCreateParams.Metadata.builder()
                                                        .putAdditionalProperty(
                                                                "a", JsonValue.from("b"))
                                                        .build())
                                        .addItem(said("first"))
                                        .build());
        var items = client.conversations().items().list(created.id());
        assertThat(client.conversations().retrieve(created.id()).createdAt())
                .isEqualTo(created.createdAt());
        assertThat(texts(items.data())).containsExactly("first");

        var item = items.data().getFirst().asMessage().id();
        var ofThis = ItemRetrieveParams.builder().conversationId(created.id()).build();
        assertThat(client.conversations().items().retrieve(item, ofThis).asMessage().id())
                .isEqualTo(item);
        var updated =
                client.conversations()
                        .update(
                                created.id(),
                                ConversationUpdateParams.builder()
                                        .metadata(
                                                ConversationUpdateParams.Metadata.builder()
                                                        .putAdditionalProperty(
                                                                "c", JsonValue.from("d"))
                                                        .build())
                                        .build());
        assertThat(updated._metadata().toString()).contains("c").doesNotContain("a=b");

        var left =
                client.conversations()
                        .items()
                        .delete(
                                item,
                                ItemDeleteParams.builder().conversationId(created.id()).build());

        assertThat(left.id()).isEqualTo(created.id());
        var empty = client.conversations().items().list(created.id()).response();
        assertThat(empty.data()).isEmpty();
        assertThat(empty.hasMore()).isFalse();
        assertThat(empty._firstId().isNull()).isTrue();
        assertThat(empty._lastId().isNull()).isTrue();
        assertThat(client.conversations().delete(created.id()).deleted()).isTrue();
        assertThatThrownBy(() -> client.conversations().retrieve(created.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void afterTheLastItemThereIsNoneAndAfterAnUnknownOneAnError() {
        var conversation = client.conversations().create().id();
        var last =
                client.conversations()
                        .items()
                        .create(
                                conversation,
                                ItemCreateParams.builder().addItem(said("only")).build())
                        .lastId();
        assertThat(after(conversation, last).data()).isEmpty();
        assertThatThrownBy(() -> after(conversation, "msg_unknown"))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        unknown -> assertThat(unknown.param()).contains("after"));
    }

    private static ItemListPage after(String conversation, String item) {
        return client.conversations()
                .items()
                .list(conversation, ItemListParams.builder().after(item).build());
    }

    /** This client does not look at has_more, and asks until a page is empty. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 21, 100, 101})
    void pagingComesToAnEnd(int count) {
        var conversation = client.conversations().create().id();
        var all = new ArrayList<String>();
        for (int i = 0; i < count; i += 20) {
            var params = ItemCreateParams.builder();
            for (int j = i; j < Math.min(count, i + 20); j++) {
                all.add(String.valueOf(j));
                params.addItem(said(String.valueOf(j)));
            }
            client.conversations().items().create(conversation, params.build());
        }

        var read =
                client.conversations()
                        .items()
                        .list(
                                conversation,
                                ItemListParams.builder().order(ItemListParams.Order.ASC).build())
                        .autoPager();

        assertThat(texts(StreamSupport.stream(read.spliterator(), false).toList())).isEqualTo(all);
    }

    @Test
    void aStreamedResponseIsPutTogetherAndKept() {
        var accumulator = ResponseAccumulator.create();
        var events = new ArrayList<ResponseStreamEvent>();

        try (var stream = client.responses().createStreaming(asked("hello").build())) {
            stream.stream().forEach(event -> events.add(accumulator.accumulate(event)));
        }

        var response = accumulator.response();
        assertThat(events.getLast().isCompleted()).isTrue();
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        assertThat(text(response)).isEqualTo(TestingModel.ANSWER);
        assertThat(response.usage().orElseThrow().totalTokens()).isPositive();
        var kept = client.responses().retrieve(response.id());
        assertThat(text(kept)).isEqualTo(TestingModel.ANSWER);
        assertThat(client.responses().inputItems().list(response.id()).data()).hasSize(1);
        client.responses().delete(response.id());
        assertThatThrownBy(() -> client.responses().retrieve(response.id()))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void aResponseFailsWhenTheModelServerDies() {
        var events = new ArrayList<ResponseStreamEvent>();

        try (var stream = client.responses().createStreaming(asked("crashing please").build())) {
            stream.stream().forEach(events::add);
        }

        var failed = events.getLast().failed().orElseThrow().response();
        assertThat(failed.status()).contains(ResponseStatus.FAILED);
        assertThat(failed.error()).isPresent();
    }

    @Test
    void aChainAndAConversationAreContinued() {
        var first = client.responses().create(asked("one").build());
        var second = client.responses().create(asked("two").previousResponseId(first.id()).build());
        assertThat(told()).containsExactly("one", TestingModel.ANSWER, "two");
        assertThat(second.previousResponseId()).contains(first.id());

        var conversation = client.conversations().create().id();
        client.responses().create(asked("three").conversation(conversation).build());
        var fourth =
                client.responses()
                        .create(asked("four").store(false).conversation(conversation).build());
        assertThat(told()).containsExactly("three", TestingModel.ANSWER, "four");
        assertThat(fourth.conversation().orElseThrow().id()).isEqualTo(conversation);
        assertThat(client.conversations().items().list(conversation).data()).hasSize(4);
        assertThatThrownBy(() -> client.responses().retrieve(fourth.id()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() ->
                        client.responses()
                                .create(asked("five").previousResponseId(fourth.id()).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        refused ->
                                assertThat(refused.code()).contains("previous_response_not_found"));
    }

    @Test
    void inputTokensAreCounted() {
        var counted =
                client.responses()
                        .inputTokens()
                        .count(
                                InputTokenCountParams.builder()
                                        .model(TestingModel.NAME)
                                        .input("hello")
                                        .build());

        assertThat(counted.inputTokens()).isPositive();
    }

    @Test
    void aStoredCompletionIsFoundByItsMetadata() {
        var mark = Long.toString(System.nanoTime(), 36);
        var metadata =
                ChatCompletionCreateParams.Metadata.builder()
                        .putAdditionalProperty("mark", JsonValue.from(mark))
                        .build();
        var completion =
                client.chat()
                        .completions()
                        .create(
                                ChatCompletionCreateParams.builder()
                                        .model(TestingModel.NAME)
                                        .addUserMessage("keep this")
                                        .store(true)
                                        .metadata(metadata)
                                        .build());

        var found =
                client.chat()
                        .completions()
                        .list(
                                ChatCompletionListParams.builder()
                                        .metadata(
                                                ChatCompletionListParams.Metadata.builder()
                                                        .putAdditionalProperty("mark", mark)
                                                        .build())
                                        .build());

        assertThat(found.data()).hasSize(1);
        assertThat(found.data().getFirst().id()).isEqualTo(completion.id());
        assertThat(client.chat().completions().messages().list(completion.id()).data()).hasSize(1);
        assertThat(client.chat().completions().delete(completion.id()).deleted()).isTrue();
        assertThatThrownBy(() -> client.chat().completions().retrieve(completion.id()))
                .isInstanceOf(NotFoundException.class);
    }

    private static ResponseCreateParams.Builder asked(String input) {
        return ResponseCreateParams.builder().model(TestingModel.NAME).input(input);
    }

    private static EasyInputMessage said(String text) {
        return EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content(text).build();
    }

    private static String text(Response response) {
        return response.output().getFirst().asMessage().content().getFirst().asOutputText().text();
    }

    private static List<String> texts(List<ConversationItem> items) {
        return items.stream()
                .map(item -> item.asMessage().content().getFirst().asInputText().text())
                .toList();
    }

    /** What the model was told last. */
    private static List<String> told() {
        return model.lastRequest()
                .path("messages")
                .valueStream()
                .map(message -> message.path("content").asText())
                .toList();
    }
}
