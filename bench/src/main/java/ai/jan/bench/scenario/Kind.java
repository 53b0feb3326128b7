// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Chat;
import ai.jan.bench.model.Script;
import java.time.Duration;
import java.util.Locale;

/** What the clients of a scenario do. */
public sealed interface Kind {
    /** The same chat again and again, of the platform and of the model itself in turns. */
    record Chats(Chat chat, Demand demand) implements Kind {}

    /** Something of its own, once. */
    record Special(String name, Activity activity) implements Kind {}

    /**
     * By the field {@code kind}: {@code chats}, as without one, or a name of {@link Activities}.
     */
    static Kind read(Fields fields) {
        var name = fields.optionalText("kind").orElse("chats");
        if (name.equals("chats")) {
            return new Chats(chat(fields.object("request")), Demand.read(fields.object("load")));
        }
        return new Special(name, Activities.read(name, fields));
    }

    private static Chat chat(Fields fields) {
        var script =
                Script.QUICK
                        .withTokens(fields.number("tokens", 1, 100_000))
                        .withTimes(
                                fields.time("first", Duration.ZERO),
                                fields.time("gap", Duration.ZERO));
        int status = fields.number("status", 200, 599, 200);
        var chat =
                new Chat(
                        status == 200 ? script : script.failing(status),
                        fields.flag("stream", false),
                        fields.number("prompt", 0, 8_000_000));
        fields.end();
        return chat;
    }

    /** As pages call a chat. */
    static String describe(Chat chat) {
        var script = chat.script();
        return String.format(
                Locale.ROOT,
                "%s of %,d tokens%s, prompt of %,d characters",
                chat.stream() ? "stream" : "answer",
                script.tokens(),
                script.gap().isZero() ? " at once" : ", one every " + millis(script.gap()),
                chat.padding());
    }

    private static String millis(Duration time) {
        return time.toNanos() % 1_000_000 == 0
                ? time.toMillis() + " ms"
                : time.toNanos() / 1e6 + " ms";
    }
}
