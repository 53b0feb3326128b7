// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestTest {
    @Test
    void readsWhatClientsSend() throws Exception {
        var request =
                parse(
                        """
                        {"model":"m","stream":true,"stream_options":{"include_usage":true},"max_tokens":5,
                         "temperature":0.5,"stop":["a","b"],"user":"u","messages":[
                          {"role":"developer","content":"be kind"},
                          {"role":"user","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]},
                          {"role":"assistant","content":null,"tool_calls":[]}]}
                        """);

        assertThat(request.stream()).isTrue();
        assertThat(request.includeUsage()).isTrue();
        assertThat(request.stop()).containsExactly("a", "b");
        assertThat(request.sampling().maxTokens()).hasValue(5);
        assertThat(request.sampling().temperature()).hasValue(0.5);
        assertThat(request.messages())
                .containsExactly(
                        new Message("system", "be kind"),
                        new Message("user", "xy"),
                        new Message("assistant", ""));
    }

    @Test
    void prefersTheNewNameOfTheLimit() throws Exception {
        var request =
                parse(
                        """
                        {"model":"m","max_tokens":5,"max_completion_tokens":7,
                         "messages":[{"role":"user","content":"x"}]}
                        """);

        assertThat(request.sampling().maxTokens()).hasValue(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'model':'m'}",
                "{'model':'m','messages':[]}",
                "{'model':'m','messages':[{'role':'robot','content':'x'}]}",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'image_url'}]}]}",
                "{'model':'m','messages':[{'role':'user','content':'x'}],'n':2}",
                "{'model':'m','messages':[{'role':'user','content':'x'}],'max_tokens':0}",
                "{'model':'m','messages':[{'role':'user','content':'x'}],'temperature':'hot'}",
                "{'model':'m','messages':[{'role':'user','content':'x'}],'stop':['1','2','3','4','5']}",
                "{'model':'m','messages':[{'role':'user','content':'x'}],'logprobs':true}",
                "{'model':'m','messages':[{'role':'user','content':'x'}],'tool_choice':'required'}",
                "{'model':'m','messages':[{'role':'user','content':'x'}],'response_format':{'type':'json_object'}}",
            })
    void refusesWhatItWouldNotDo(String body) {
        assertThatThrownBy(() -> parse(body.replace('\'', '"')))
                .isInstanceOfSatisfying(
                        ApiProblem.class, problem -> assertThat(problem.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @CsvSource({
        "SmolLM2-135M-Instruct.Q4_1.gguf, smollm2-135m-instruct",
        "Qwen3-0.6B-Q4_K_M.gguf,          qwen3-0.6b",
        "model.F16.GGUF,                  model",
        "tiny.gguf,                       tiny"
    })
    void namesAModelAfterItsFileWithoutTheQuantisation(String file, String name) {
        assertThat(LlamaEngine.nameOf(Path.of("folder", file))).isEqualTo(name);
    }

    private static ChatRequest parse(String body) throws Exception {
        return ChatRequest.of((ObjectNode) Json.parse(body));
    }
}
