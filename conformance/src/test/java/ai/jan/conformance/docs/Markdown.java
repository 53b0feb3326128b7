// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A page: its links, anchors, tables and blocks of code. */
record Markdown(Path file, List<String> lines) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Folders that hold nothing of the project's own, or templates of pages. */
    private static final Set<String> NOT_OURS =
            Set.of(".git", ".jan", ".tools", "target", "node_modules", "resources");

    private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern LINK_TEXT = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

    /**
     * A fenced block.
     *
     * @param language as it is named behind the fence
     * @param number of the line the fence opens in, from one
     */
    record Block(String language, int number, List<String> lines) {}

    static Markdown read(Path file) throws IOException {
        return new Markdown(file, Files.readAllLines(file));
    }

    /** A page by its path from the project's root. */
    static Markdown page(String path) throws IOException {
        return read(ROOT.resolve(path));
    }

    /** Every page of the project. */
    static List<Markdown> all() throws IOException {
        var pages = new ArrayList<Markdown>();
        Files.walkFileTree(
                ROOT,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        return NOT_OURS.contains(folder.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (file.toString().endsWith(".md")) {
                            pages.add(read(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return List.copyOf(pages);
    }

    /** Its path from the project's root. */
    String name() {
        return ROOT.relativize(file).toString();
    }

    List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < lines.size(); i++) {
            var fence = lines.get(i).strip();
            if (fence.startsWith("```")) {
                int indent = lines.get(i).indexOf('`');
                var inside = new ArrayList<String>();
                int opened = i + 1;
                while (!lines.get(++i).strip().equals("```")) {
                    inside.add(lines.get(i).indent(-indent).stripTrailing());
                }
                blocks.add(new Block(fence.substring(3).strip(), opened, List.copyOf(inside)));
            }
        }
        return blocks;
    }

    /** Everything that is no code. */
    private List<String> prose() {
        var prose = new ArrayList<String>();
        boolean inside = false;
        for (var line : lines) {
            boolean fence = line.strip().startsWith("```");
            if (!fence && !inside) {
                prose.add(line);
            }
            inside ^= fence;
        }
        return prose;
    }

    /** Where it links to, as written. */
    List<String> links() {
        return prose().stream()
                .map(line -> CODE_SPAN.matcher(line).replaceAll(""))
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group(1))
                .toList();
    }

    /** The names its headings have in addresses, as GitHub makes them. */
    Set<String> anchors() {
        var anchors = new HashSet<String>();
        var seen = new HashMap<String, Integer>();
        for (var line : prose()) {
            if (line.matches("#{1,6} .*")) {
                var title = LINK_TEXT.matcher(line.replaceFirst("#+ ", "")).replaceAll("$1");
                var name =
                        title.strip()
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .replace(' ', '-');
                int before = seen.merge(name, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? name : name + "-" + before);
            }
        }
        return anchors;
    }

    /**
     * The rows of the table below a heading, without its head.
     *
     * @throws IllegalArgumentException if there is no such table
     */
    List<List<String>> table(String heading) {
        @Nullable String current = null;
        var rows = new ArrayList<List<String>>();
        for (var line : lines) {
            if (line.startsWith("#")) {
                current = line.replaceFirst("#+ ", "");
            } else if (heading.equals(current) && line.startsWith("|")) {
                rows.add(cells(line));
            } else if (!rows.isEmpty()) {
                break;
            }
        }
        if (rows.size() < 3) {
            throw new IllegalArgumentException(name() + " has no table below " + heading);
        }
        return rows.subList(2, rows.size());
    }

    private static List<String> cells(String row) {
        var inside = row.strip();
        return List.of(inside.substring(1, inside.length() - 1).split("\\|")).stream()
                .map(String::strip)
                .toList();
    }
}
