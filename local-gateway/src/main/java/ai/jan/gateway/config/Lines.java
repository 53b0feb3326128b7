// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Where the fields of a YAML file stand in it. */
final class Lines {
    private final Path file;
    private final Node root;

    Lines(Path file, String text) {
        this.file = file;
        this.root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
    }

    /**
     * A field such as {@code services[0].host} with file and line in front: those of the innermost
     * part of the path that the file has.
     */
    String locate(String field) {
        var node = root;
        int line = root.getStartMark().getLine();
        for (var step : field.split("[.\\[\\]]+", -1)) {
            var next = step(node, step);
            if (next.isEmpty()) {
                break;
            }
            node = next.get().value();
            line = next.get().line();
        }
        return file + ":" + (line + 1) + ": " + field;
    }

    /** A field's value, and the line of its name or, of an array's element, of itself. */
    private record Found(Node value, int line) {}

    private static Optional<Found> step(Node node, String step) {
        if (node instanceof SequenceNode sequence && step.matches("\\d{1,9}")) {
            int index = Integer.parseInt(step);
            return index < sequence.getValue().size()
                    ? Optional.of(sequence.getValue().get(index))
                            .map(value -> new Found(value, value.getStartMark().getLine()))
                    : Optional.empty();
        }
        if (!(node instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        return mapping.getValue().stream()
                .filter(tuple ->
                        tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(step))
                .findFirst()
                .map(tuple ->
                        new Found(
                                tuple.getValueNode(), tuple.getKeyNode().getStartMark().getLine()));
    }
}
