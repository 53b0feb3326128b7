// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.python;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.JsonApi;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * {@code python_exec}: runs a program in a SandboxFusion. Who may is the operator's to say; the
 * argument {@code approved}, which a model can set as it likes, means nothing. Thread-safe.
 */
public final class PythonExec implements Tool {
    private static final ToolDefinition DEFINITION = ToolDefinition.ours("python_exec");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(40), 8);
    private static final Duration ANSWER = Duration.ofSeconds(35);
    private static final int RUN_SECONDS = 20;
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int MAX_OUTPUT = 32 * 1024;
    private static final int MAX_ARTIFACTS = 10;
    private static final int MAX_ARTIFACT = 256 * 1024;

    private final PythonSettings settings;
    private final HttpUrl runCode;
    private final JsonApi api = new JsonApi(ANSWER, MAX_BYTES);
    private final Rate rate;

    public PythonExec(PythonSettings settings, Clock clock) {
        this.settings = settings;
        this.runCode =
                HttpUrl.get(settings.sandbox().toString())
                        .newBuilder()
                        .addPathSegment("run_code")
                        .build();
        this.rate = new Rate(settings.runsPerMinute(), clock);
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public Answer call(Identity caller, Arguments arguments) throws IOException {
        if (!isApproved(caller)) {
            throw ToolFailure.refused(
                    "The operator has not approved that code of this user is run. Answer without"
                            + " running code, or tell the user to ask the operator.");
        }
        var code = arguments.text("code");
        var wait = rate.take(caller.subject());
        if (!wait.isZero()) {
            throw ToolFailure.refused(
                    "This user runs code too often. Try again in "
                            + (wait.toSeconds() + 1)
                            + " s.");
        }
        var body = Json.object().put("code", code);
        body.put("language", arguments.optionalText("language").orElse("python"));
        body.put("run_timeout", RUN_SECONDS);
        var answer = run(body);
        return new Answer.Structured(
                result(answer)
                        .put("session_id", arguments.optionalText("session_id").orElse(null)));
    }

    /** What the program does is its writer's fault, and must not open the breaker for others. */
    private JsonNode run(ObjectNode body) throws IOException {
        try {
            return api.ask(new Request.Builder().url(runCode).post(JsonApi.body(body)).build());
        } catch (JsonApi.TooLarge e) {
            throw ToolFailure.refused(
                            "The program printed or wrote more than can be given back. Print only"
                                    + " what matters.")
                    .because(e);
        } catch (JsonApi.Refused e) {
            if (!e.isOfArguments()) {
                throw e;
            }
            throw ToolFailure.refused("The sandbox does not take this program.").because(e);
        }
    }

    private boolean isApproved(Identity caller) {
        return settings.approvedRoles().contains("*")
                || caller.roles().stream().anyMatch(settings.approvedRoles()::contains);
    }

    private static ObjectNode result(JsonNode answer) throws IOException {
        if (!answer.path("status").isTextual()) {
            throw new IOException("not the answer of a SandboxFusion");
        }
        var run = answer.path("run_result");
        var compilation = answer.path("compile_result");
        var stdout = run.path("stdout").asText("");
        var stderr = compilation.path("stderr").asText("") + run.path("stderr").asText("");
        var result = Json.object().put("stdout", cut(stdout)).put("stderr", cut(stderr));
        result.put("duration_ms", Math.round(run.path("execution_time").asDouble(0) * 1000));
        boolean isWhole = stdout.length() <= MAX_OUTPUT && stderr.length() <= MAX_OUTPUT;
        isWhole &= putArtifacts(result, answer.path("files"));
        return result.put("error", error(answer)).put("truncated", !isWhole);
    }

    /** Whether all of them fitted. */
    private static boolean putArtifacts(ObjectNode result, JsonNode files) {
        var artifacts = result.putArray("artifacts");
        boolean isWhole = true;
        for (var file : files.properties()) {
            var content = file.getValue().asText("");
            if (artifacts.size() < MAX_ARTIFACTS && content.length() <= MAX_ARTIFACT) {
                artifacts
                        .addObject()
                        .put("name", file.getKey())
                        .put("url", "data:application/octet-stream;base64," + content);
            } else {
                isWhole = false;
            }
        }
        return isWhole;
    }

    private static @Nullable String error(JsonNode answer) {
        if (answer.path("status").asText().equals("Success")) {
            return null;
        }
        var run = answer.path("run_result");
        if (run.path("status").asText().equals("TimeLimitExceeded")) {
            return "The program did not end within " + RUN_SECONDS + " s and was stopped.";
        }
        var message = answer.path("message").asText("");
        if (!message.isBlank()) {
            return cut(message);
        }
        return run.path("return_code").isInt()
                ? "The program ended with exit status " + run.path("return_code").asInt() + "."
                : "The program could not be run.";
    }

    private static String cut(String text) {
        if (text.length() <= MAX_OUTPUT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_OUTPUT - 1)) ? -1 : 0;
        return text.substring(0, MAX_OUTPUT + end);
    }
}
