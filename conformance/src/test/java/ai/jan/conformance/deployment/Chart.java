// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The Helm chart, as {@code config/check-chart} has rendered it with one set of values. */
final class Chart {
    static final Path FOLDER = ComposeFile.ROOT.resolve("k8s/jan-server");

    private static final List<String> WORKLOADS =
            List.of("Deployment", "StatefulSet", "Job", "Pod");

    private final List<Node> objects;

    private Chart(List<Node> objects) {
        this.objects = objects;
    }

    /** Skips the test where no chart was rendered, because Go is not there to build Helm with. */
    static Chart rendered(String values) throws IOException {
        var file = ComposeFile.ROOT.resolve("target/chart/" + values + ".yaml");
        assumeThat(file).as("rendered by config/check-chart").exists();
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        var objects = new ArrayList<Node>();
        try (var reader = Files.newBufferedReader(file)) {
            yaml.loadAll(reader)
                    .forEach(object -> {
                        if (object != null) {
                            objects.add(new Node(object));
                        }
                    });
        }
        return new Chart(objects);
    }

    Stream<Node> objects(String kind) {
        return objects.stream().filter(object -> object.text("kind").equals(kind));
    }

    Node object(String kind, String name) {
        return objects(kind)
                .filter(object -> object.at("metadata").text("name").equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + kind + " " + name));
    }

    /** The pods of all workloads. */
    List<Pod> pods() {
        return objects.stream()
                .filter(object -> WORKLOADS.contains(object.text("kind")))
                .map(Pod::of)
                .toList();
    }

    Pod pod(String component) {
        return pods().stream()
                .filter(pod -> pod.component().equals(component))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pod " + component));
    }

    /** What a workload runs. */
    record Pod(String kind, Node metadata, Node spec) {
        private static Pod of(Node workload) {
            if (workload.text("kind").equals("Pod")) {
                return new Pod("Pod", workload.at("metadata"), workload.at("spec"));
            }
            var template = workload.at("spec").at("template");
            return new Pod(workload.text("kind"), template.at("metadata"), template.at("spec"));
        }

        Node labels() {
            return metadata.at("labels");
        }

        String component() {
            return labels().text("app.kubernetes.io/component");
        }

        Stream<Container> containers() {
            return Stream.concat(
                            spec.at("initContainers").list().stream(),
                            spec.at("containers").list().stream())
                    .map(Container::new);
        }

        Container container(String name) {
            return containers()
                    .filter(container -> container.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no container " + name));
        }
    }

    /** One container of a pod. */
    record Container(Node fields) {
        String name() {
            return fields.text("name");
        }

        /** It runs as long as its pod. */
        boolean isSideContainer() {
            return fields.text("restartPolicy").equals("Always");
        }

        /** Names with their value, or with {@code secret KEY}. */
        Map<String, String> environment() {
            var environment = new TreeMap<String, String>();
            for (var variable : fields.at("env").list()) {
                var key = variable.at("valueFrom").at("secretKeyRef").text("key");
                environment.put(
                        variable.text("name"),
                        key.isEmpty() ? variable.text("value") : "secret " + key);
            }
            return environment;
        }

        List<Integer> ports() {
            return fields.at("ports").list().stream()
                    .map(port -> Integer.parseInt(port.text("containerPort")))
                    .toList();
        }
    }

    /** A part of an object; what is not there is empty. */
    record Node(@Nullable Object value) {
        Node at(String name) {
            return new Node(value instanceof Map<?, ?> map ? map.get(name) : null);
        }

        String text(String name) {
            return Objects.toString(at(name).value, "");
        }

        List<Node> list() {
            return value instanceof List<?> list
                    ? list.stream().map(Node::new).toList()
                    : List.of();
        }

        List<String> texts() {
            return list().stream().map(each -> String.valueOf(each.value)).toList();
        }

        Map<String, String> map() {
            var texts = new TreeMap<String, String>();
            if (value instanceof Map<?, ?> map) {
                map.forEach((key, text) -> texts.put(String.valueOf(key), String.valueOf(text)));
            }
            return texts;
        }
    }
}
