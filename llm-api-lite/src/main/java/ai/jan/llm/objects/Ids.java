// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.objects;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/** Random ids that say what they are of, and nothing else. */
public final class Ids {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 24;
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String conversation() {
        return random("conv_");
    }

    public static String project() {
        return random("proj_");
    }

    public static String response() {
        return random("resp_");
    }

    /** The id of a call of a function, if the model server gave none. */
    public static String call() {
        return random("call_");
    }

    /** The id of a chat completion that is stored. */
    public static String completion() {
        return random("chatcmpl-");
    }

    /** The id of a new item: {@code msg_}, {@code fc_} and so on. */
    public static String item(String type) {
        return random(prefix(type) + "_");
    }

    /** What the ids of items of a type begin with. */
    public static String prefix(String type) {
        return switch (type) {
            case "message" -> "msg";
            case "function_call" -> "fc";
            case "function_call_output" -> "fco";
            case "reasoning" -> "rs";
            default -> "item";
        };
    }

    /** Whether the database need be asked: anything else is an id of nothing. */
    public static boolean isWellFormed(String id) {
        return WELL_FORMED.matcher(id).matches();
    }

    private static String random(String prefix) {
        var id = new StringBuilder(prefix);
        RANDOM.ints(LENGTH, 0, ALPHABET.length()).mapToObj(ALPHABET::charAt).forEach(id::append);
        return id.toString();
    }
}
