// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.conversations.items.ConversationItem;
import com.openai.models.conversations.items.ItemCreateParams;
import com.openai.models.conversations.items.ItemListParams;
import com.openai.models.conversations.items.ItemRetrieveParams;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.ResponseCreateParams;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several at once on one conversation, and somebody else, as the official client sees it. */
@ExtendWith(SharedStack.class)
class OpenAiClientTurnsIT {
    private static final int WRITERS = 20;
    private static final int ITEMS = 5;

    private static TestingModel model;
    private static OpenAIClient client;
    private static OpenAIClient stranger;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        model = running.model();
        client = running.client(running.stack().apiKey());
        stranger = running.client(running.stack().newKey("stranger", "pro"));
    }

    @Test
    void itemsOfOneRequestStayTogetherHoweverManyAreAddedAtOnce() throws Exception {
        var conversation = client.conversations().create().id();
        var writers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < WRITERS; i++) {
            var texts = texts(i);
            writers.add(() -> {
                var items = ItemCreateParams.builder();
                texts.forEach(text -> items.addItem(said(text)));
                client.conversations().items().create(conversation, items.build());
                return null;
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(writers)) {
                result.get();
            }
        }

        var read = read(conversation);

        assertThat(read).hasSize(WRITERS * ITEMS);
        var requests = new ArrayList<List<String>>();
        for (int i = 0; i < read.size(); i += ITEMS) {
            requests.add(read.subList(i, i + ITEMS));
        }
        assertThat(requests)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, WRITERS).mapToObj(OpenAiClientTurnsIT::texts).toList());
    }

    @Test
    void ofTwoResponsesInOneConversationOneIsRefused() {
        var conversation = client.conversations().create().id();
        try (var stream =
                client.responses()
                        .createStreaming(
                                asked("say it slowly").conversation(conversation).build())) {
            var events = stream.stream().iterator();
            assertThat(events.next().isCreated()).isTrue();

            var refused =
                    catchThrowableOfType(
                            BadRequestException.class,
                            () ->
                                    client.responses()
                                            .create(
                                                    asked("me too")
                                                            .conversation(conversation)
                                                            .build()));

            assertThat(refused.code()).contains("conversation_locked");
            assertThat(refused.param()).contains("conversation");
            assertThat(read(conversation)).as("half a turn").isEmpty();
            events.forEachRemaining(event -> {});
        }
        assertThat(read(conversation)).containsExactly("say it slowly", TestingModel.ANSWER);
    }

    @Test
    void whatBelongsToSomebodyElseIsLikeWhatDoesNotExist() {
        var theirs = client.conversations().create().id();
        var item =
                client.conversations()
                        .items()
                        .create(theirs, ItemCreateParams.builder().addItem(said("secret")).build())
                        .data()
                        .getFirst()
                        .asMessage()
                        .id();
        var own = stranger.conversations().create().id();

        assertAlike(theirs, id -> stranger.conversations().retrieve(id));
        assertAlike(theirs, id -> stranger.conversations().delete(id));
        assertAlike(theirs, id -> stranger.conversations().items().list(id));
        assertAlike(
                theirs, id -> stranger.responses().create(asked("hello").conversation(id).build()));
        assertAlike(
                item,
                id ->
                        stranger.conversations()
                                .items()
                                .retrieve(
                                        id,
                                        ItemRetrieveParams.builder().conversationId(own).build()));
        assertAlike(
                item,
                id ->
                        stranger.conversations()
                                .items()
                                .create(
                                        own,
                                        ItemCreateParams.builder()
                                                .addItemReferenceItem(id)
                                                .build()));
        assertThat(read(theirs)).containsExactly("secret");
    }

    @Test
    void aBranchSeesItsOwnChainOnly() {
        var conversation = client.conversations().create().id();
        var first = client.responses().create(asked("one").conversation(conversation).build());
        client.responses().create(asked("two").conversation(conversation).build());

        client.responses().create(asked("branch").previousResponseId(first.id()).build());

        assertThat(
                        model.lastRequest()
                                .path("messages")
                                .valueStream()
                                .map(message -> message.path("content").asText()))
                .containsExactly("one", TestingModel.ANSWER, "branch");
        assertThat(read(conversation))
                .containsExactly("one", TestingModel.ANSWER, "two", TestingModel.ANSWER);
    }

    private interface Use {
        void of(String id);
    }

    /** The same status and the same words, but for the id. */
    private static void assertAlike(String id, Use use) {
        var unknown = id.substring(0, id.length() - 6) + "zzzzzz";
        var foreign = notFound(() -> use.of(id));
        var nothing = notFound(() -> use.of(unknown));
        assertThat(foreign.body().toString().replace(id, "ID"))
                .isEqualTo(nothing.body().toString().replace(unknown, "ID"));
        assertThat(foreign.headers().names()).isEqualTo(nothing.headers().names());
    }

    private static NotFoundException notFound(ThrowingCallable call) {
        var error = catchThrowableOfType(NotFoundException.class, call);
        assertThat(error).as("404").isNotNull();
        return error;
    }

    private static List<String> texts(int writer) {
        return IntStream.range(0, ITEMS).mapToObj(item -> writer + "/" + item).toList();
    }

    private static List<String> read(String conversation) {
        var items =
                client.conversations()
                        .items()
                        .list(
                                conversation,
                                ItemListParams.builder()
                                        .order(ItemListParams.Order.ASC)
                                        .limit(100)
                                        .build())
                        .autoPager();
        return StreamSupport.stream(items.spliterator(), false)
                .map(OpenAiClientTurnsIT::text)
                .toList();
    }

    private static String text(ConversationItem item) {
        var part = item.asMessage().content().getFirst();
        return part.isInputText() ? part.asInputText().text() : part.asOutputText().text();
    }

    private static EasyInputMessage said(String text) {
        return EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content(text).build();
    }

    private static ResponseCreateParams.Builder asked(String input) {
        return ResponseCreateParams.builder().model(TestingModel.NAME).input(input);
    }
}
