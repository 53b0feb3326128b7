// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import java.util.List;
import java.util.Optional;

/**
 * What a conversation is called until its owner gives it a title: how its first question begins.
 */
final class Title {
    /** Characters (Jan contract 1.4). */
    private static final int LENGTH = 60;

    private Title() {}

    /** Nothing if nobody said anything in words. */
    static Optional<String> of(List<Item> said) {
        return said.stream()
                .filter(item -> item.body().path("role").asText().equals("user"))
                .flatMap(item -> item.body().path("content").valueStream())
                .map(part -> part.path("text").asText())
                .map(text -> text.replaceAll("[\\s\\x00]+", " ").strip())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .map(Title::cut);
    }

    private static String cut(String text) {
        int length = Math.min(LENGTH, text.codePointCount(0, text.length()));
        return text.substring(0, text.offsetByCodePoints(0, length)).strip();
    }
}
