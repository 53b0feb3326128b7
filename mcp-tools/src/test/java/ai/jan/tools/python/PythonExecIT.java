// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.TestingBackend;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as SandboxFusion does. */
class PythonExecIT {
    private TestingBackend sandbox;
    private PythonExec tool;

    @BeforeEach
    void start() throws IOException {
        sandbox = new TestingBackend(asked -> run(asked.body().path("code").asText()));
        tool = tool(Set.of("*"));
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void runsPythonUnlessToldOtherwise() throws Exception {
        var result = exec(tool, code("print").put("session_id", "s1"));

        assertThat(result.path("stdout").asText()).isEqualTo("hello\n");
        assertThat(result.path("error").isNull()).isTrue();
        assertThat(result.path("duration_ms").asInt()).isEqualTo(250);
        assertThat(result.path("session_id").asText()).isEqualTo("s1");
        assertThat(result.path("artifacts").path(0).path("name").asText()).isEqualTo("plot.png");
        assertThat(result.path("artifacts").path(0).path("url").asText())
                .isEqualTo("data:application/octet-stream;base64,UE5H");
        var asked = sandbox.asked().getFirst();
        assertThat(asked.uri().getPath()).isEqualTo("/run_code");
        assertThat(asked.body().path("language").asText()).isEqualTo("python");
        exec(tool, code("print").put("language", "bash"));
        assertThat(sandbox.asked().getLast().body().path("language").asText()).isEqualTo("bash");
    }

    @Test
    void tellsWhatWentWrongWithAProgram() throws Exception {
        var raised = exec(tool, code("raise"));
        assertThat(raised.path("error").asText()).contains("exit status 1");
        assertThat(raised.path("stderr").asText()).contains("ZeroDivisionError");
        assertThat(exec(tool, code("sleep")).path("error").asText()).contains("was stopped");
    }

    @Test
    void cutsOutputThatIsTooLong() throws Exception {
        var flood = exec(tool, code("flood"));

        assertThat(flood.path("stdout").asText()).hasSize(32 * 1024);
        assertThat(flood.path("truncated").asBoolean()).isTrue();
    }

    @Test
    void aProgramThatPrintsTooMuchOrIsRefusedIsNotTheSandboxesFault() throws Exception {
        var deluge = catchThrowableOfType(ToolFailure.class, () -> exec(tool, code("deluge")));
        assertThat(deluge).hasMessageContaining("Print only");
        assertThat(deluge.kind()).isEqualTo(ToolFailure.Kind.REFUSED);

        sandbox.status = 422;
        var refused = catchThrowableOfType(ToolFailure.class, () -> exec(tool, code("print")));
        assertThat(refused.kind()).isEqualTo(ToolFailure.Kind.REFUSED);
    }

    @Test
    void whatAModelSaysOfItsApprovalMeansNothing() throws Exception {
        var strict = tool(Set.of("admin"));

        var failure =
                catchThrowableOfType(
                        ToolFailure.class, () -> exec(strict, code("print").put("approved", true)));

        assertThat(failure).hasMessageContaining("operator has not approved");
        assertThat(sandbox.asked()).isEmpty();
        exec(strict, "root", code("print").put("approved", false), "admin");
        assertThat(sandbox.asked()).hasSize(1);
    }

    @Test
    void everyUserRunsCodeSoOftenAndNoMore() throws Exception {
        exec(tool, code("print"));
        exec(tool, code("print"));
        exec(tool, code("print"));

        var failure = catchThrowableOfType(ToolFailure.class, () -> exec(tool, code("print")));

        assertThat(failure).hasMessageContaining("Try again in");
        exec(tool, "bob", code("print"));
        assertThat(sandbox.asked()).hasSize(4);
    }

    private PythonExec tool(Set<String> approved) {
        return new PythonExec(new PythonSettings(sandbox.url(), approved, 3), Clock.systemUTC());
    }

    private static ObjectNode code(String code) {
        return Json.object().put("code", code);
    }

    private static JsonNode exec(PythonExec tool, ObjectNode arguments) throws IOException {
        return exec(tool, "ada", arguments, "user");
    }

    private static JsonNode exec(
            PythonExec tool, String user, ObjectNode arguments, String... roles)
            throws IOException {
        var caller =
                new Identity(
                        user,
                        Identity.Method.JWT,
                        Set.of(roles),
                        Set.of(),
                        "user",
                        null,
                        null,
                        "r");
        return ((Answer.Structured) tool.call(caller, new Arguments(arguments))).value();
    }

    private static String printed(String code) {
        return switch (code) {
            case "flood" -> "x".repeat(100_000);
            case "deluge" -> "x".repeat(5_000_000);
            default -> "hello\n";
        };
    }

    private static JsonNode run(String code) {
        var isWell = code.equals("print") || code.equals("flood");
        var answer = Json.object().put("status", isWell ? "Success" : "Failed").put("message", "");
        answer.putNull("compile_result").putNull("executor_pod_name");
        var run = answer.putObject("run_result");
        run.put("status", code.equals("sleep") ? "TimeLimitExceeded" : "Finished");
        run.put("execution_time", 0.25).put("return_code", isWell ? 0 : 1);
        run.put("stdout", printed(code));
        run.put("stderr", isWell ? "" : "ZeroDivisionError: division by zero");
        answer.putObject("files").put("plot.png", "UE5H");
        return answer;
    }
}
