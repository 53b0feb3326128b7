// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The last stage of a target of {@code images/Dockerfile}: what its containers run. */
public record Dockerfile(List<String> entrypoint, List<String> command, List<String> healthCheck) {

    public static Dockerfile target(String name) throws IOException {
        var file = Files.readString(ComposeFile.ROOT.resolve("images/Dockerfile"));
        var stage =
                Pattern.compile("(?ms)^FROM base AS " + name + "$(.*?)(?=^FROM |\\z)")
                        .matcher(file);
        if (!stage.find()) {
            throw new IllegalArgumentException("images/Dockerfile has no target " + name);
        }
        return new Dockerfile(
                array(stage.group(1), "^ENTRYPOINT "),
                array(stage.group(1), "^CMD "),
                array(stage.group(1), "^HEALTHCHECK .*CMD "));
    }

    private static List<String> array(String stage, String instruction) throws IOException {
        var found = Pattern.compile("(?m)" + instruction + "(\\[.*])$").matcher(stage);
        if (!found.find()) {
            throw new IllegalArgumentException("no " + instruction + "with a list in" + stage);
        }
        var list = new ArrayList<String>();
        Json.parse(found.group(1)).forEach(element -> list.add(element.asText()));
        return list;
    }
}
