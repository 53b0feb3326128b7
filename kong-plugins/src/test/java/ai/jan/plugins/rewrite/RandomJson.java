// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Texts that are JSON, or nearly. */
public final class RandomJson {
    private static final String[] WORDS = {
        "model",
        "messages",
        "role",
        "content",
        "max_tokens",
        "n",
        "Model",
        "stream",
        "tools",
        "prompt",
        "input",
        "guided_regex",
        "zzz",
        "temperature",
        "stream_options",
        "include_usage",
        "max_completion_tokens",
        "conversation",
        "pattern",
        "image_url",
        "url",
        "type",
        "user",
        "mod\\u0065l",
        "",
        "fast",
        "qwen",
        "forbidden",
        "forb\\u0069dden",
        "data:image/png;base64,AAAA"
    };
    private static final String[] PARAMETERS = {
        "temperature", "n", "max_completion_tokens", "user", "seed", "stop", "metadata", "top_k"
    };
    private static final String[] SCALARS = {
        "0",
        "-1",
        "1",
        "2",
        "99999",
        "1e3",
        "1.50",
        "-0.0e-0",
        "123456789012345678901234567890",
        "true",
        "false",
        "null",
        "\"fast\"",
        "\"qwen\"",
        "\"other\"",
        "\"\\ud83d\\ude00 \\\"é日本\"",
        "\"\\u0000\\n\"",
        "NaN",
        "1e999999999",
        "01",
        "\"\\ud800\"",
        "{}",
        "[]"
    };

    private final Random random;

    public RandomJson(Random random) {
        this.random = random;
    }

    /** A request with some members that matter, some that do not, and now and then a fault. */
    byte[] request() {
        List<String> members = new ArrayList<>();
        members.add("\"model\":" + (chance(0.9) ? "\"fast\"" : value(2)));
        members.add("\"messages\":" + (chance(0.9) ? messages() : value(3)));
        for (int i = random.nextInt(4); i > 0; i--) {
            var name = pick(chance(0.8) ? PARAMETERS : WORDS);
            members.add('"' + name + '"' + space() + ':' + space() + value(3));
        }
        if (chance(0.5)) {
            members.add("\"max_tokens\":" + pick(SCALARS));
        }
        Collections.shuffle(members, random);
        var text = space() + '{' + String.join(space() + ',' + space(), members) + space() + '}';
        var bytes = (chance(0.05) ? text + pick(SCALARS) : text).getBytes(StandardCharsets.UTF_8);
        return chance(0.15) ? damaged(bytes) : bytes;
    }

    private String messages() {
        var list = new ArrayList<String>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            list.add("{\"role\":\"user\",\"content\":" + value(3) + "}");
        }
        return '[' + String.join(",", list) + ']';
    }

    /** Any value at most that deep. */
    public String value(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        var parts = new ArrayList<String>();
        for (int i = random.nextInt(4); kind > 1 && i > 0; i--) {
            var value = value(depth - 1);
            parts.add(kind == 2 ? value : '"' + pick(WORDS) + '"' + space() + ':' + value);
        }
        return switch (kind) {
            case 0 -> pick(SCALARS);
            case 1 -> '"' + pick(WORDS) + "x".repeat(random.nextInt(40)) + '"';
            case 2 -> '[' + String.join(space() + ',', parts) + space() + ']';
            default -> '{' + space() + String.join(',' + space(), parts) + '}';
        };
    }

    /** A few bytes changed, taken away or put in. */
    public byte[] damaged(byte[] bytes) {
        var copy = bytes.clone();
        for (int i = random.nextInt(3); i >= 0 && copy.length > 1; i--) {
            int at = random.nextInt(copy.length);
            switch (random.nextInt(3)) {
                case 0 -> copy[at] = (byte) random.nextInt(256);
                case 1 -> copy = Arrays.copyOf(copy, at);
                default -> {
                    var longer = Arrays.copyOf(copy, copy.length + 1);
                    System.arraycopy(copy, at, longer, at + 1, copy.length - at);
                    longer[at] = (byte) "{}[]\",:\\ \u00ff0".charAt(random.nextInt(11));
                    copy = longer;
                }
            }
        }
        return copy;
    }

    private String space() {
        return chance(0.8) ? "" : " \t\r\n".substring(random.nextInt(4));
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private String pick(String... all) {
        return all[random.nextInt(all.length)];
    }
}
