// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One command of a page's shell block, as one would type it.
 *
 * @param page where it stands
 * @param line of the page, of its block's fence
 * @param text as it is written, its continuation lines joined
 */
record ShellCommand(String page, int line, String text) {
    private static final Pattern HERE_DOCUMENT = Pattern.compile("<<'?([A-Z]+)'?\n");

    /** The commands of all blocks that are marked as {@code sh}. */
    static List<ShellCommand> of(Markdown page) {
        var commands = new ArrayList<ShellCommand>();
        for (var block : page.blocks()) {
            if (block.language().equals("sh")) {
                var joined = String.join("\n", block.lines()).replaceAll("\\\\\n\\s*", "");
                for (var text : statements(joined)) {
                    commands.add(new ShellCommand(page.name(), block.number(), text));
                }
            }
        }
        return commands;
    }

    /** A statement ends with its line, unless a loop, a substitution or a document is open. */
    private static List<String> statements(String block) {
        var statements = new ArrayList<String>();
        var open = new StringBuilder();
        for (var line : block.split("\n")) {
            if (open.isEmpty() && (line.isBlank() || line.startsWith("#"))) {
                continue;
            }
            open.append(open.isEmpty() ? "" : "\n").append(line);
            if (isComplete(open.toString())) {
                statements.add(open.toString());
                open.setLength(0);
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException("not complete: " + open);
        }
        return statements;
    }

    private static boolean isComplete(String text) {
        var here = HERE_DOCUMENT.matcher(text);
        if (here.find() && !text.endsWith("\n" + here.group(1))) {
            return false;
        }
        boolean loop = text.startsWith("for ") && !text.endsWith("\ndone");
        long opened = text.chars().filter(c -> c == '(').count();
        long closed = text.chars().filter(c -> c == ')').count();
        return !loop && opened <= closed;
    }

    /** The words of the first program it starts, without quotes, redirections and comment. */
    List<String> words() {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        for (char c : (text + " ").toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if ("|;&<>#\n".indexOf(c) >= 0 && word.isEmpty()) {
                break;
            } else if (Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        return List.copyOf(words);
    }

    String program() {
        return words().getFirst();
    }

    @Override
    public String toString() {
        return page + ":" + line + ": " + text;
    }
}
