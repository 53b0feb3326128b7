// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.llm.TestingLlmApi.Caller;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for responses that cannot be (contract 4.3, 4.4, 7.2). */
@Timeout(60)
class ResponseRequestIT {
    @AutoClose private static final TestingService service = TestingService.start();
    private static final Caller alice = service.alice();

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "{}; 400; -; -",
                "{'model':''}; 400; model_not_found; -",
                "{'model':'M'}; 400; missing_required_parameter; -",
                "{'model':'M','input':''}; 400; missing_required_parameter; -",
                "{'model':'M','input':[]}; 400; missing_required_parameter; -",
                "{'model':'M','input':1}; 400; invalid_type; input",
                "{'model':'M','input':'x','zzz':1}; 400; unknown_parameter; zzz",
                "{'model':'M','input':[{'role':'user','content':'x','bogus':1}]}; 400; unknown_parameter; input[0].bogus",
                "{'model':'M','input':'x','context_management':[{'type':'compaction'}]}; 400; unsupported_parameter; context_management",
                "{'model':'M','input':'x','reasoning':{'summary':'long'}}; 400; invalid_value; reasoning.summary",
                "{'model':'M','messages':[]}; 400; unsupported_parameter; -",
                "{'model':'M','input':'x','max_tokens':5}; 400; unsupported_parameter; max_tokens",
                "{'model':'M','input':'x','n':1}; 400; unknown_parameter; n",
                "{'model':'M','input':'x','stop':'a'}; 400; unknown_parameter; stop",
                "{'model':'M','input':'x','seed':1}; 400; unknown_parameter; seed",
                "{'model':'M','input':'x','logprobs':true}; 400; unknown_parameter; logprobs",
                "{'model':'M','input':'x','background':true}; 400; unsupported_value; background",
                "{'model':'M','input':'x','max_output_tokens':15}; 400; integer_below_min_value; max_output_tokens",
                "{'model':'M','input':'x','max_tool_calls':0}; 400; integer_below_min_value; max_tool_calls",
                "{'model':'M','input':'x','temperature':2.1}; 400; decimal_above_max_value; temperature",
                "{'model':'M','input':'x','top_logprobs':21}; 400; integer_above_max_value; top_logprobs",
                "{'model':'M','input':'x','stream':true,'stream_options':{'include_usage':true}}; 400; unknown_parameter; stream_options.include_usage",
                "{'model':'M','input':'x','stream_options':{}}; 400; invalid_value; stream_options",
                "{'model':'M','input':'x','truncation':'some'}; 400; invalid_value; truncation",
                "{'model':'M','input':'x','include':['all']}; 400; invalid_value; include[0]",
                "{'model':'M','input':'x','tools':[{'type':'mcp','server_label':'a','server_url':'http://x'}]}; 400; unsupported_value; tools[0].type",
                "{'model':'M','input':'x','tools':[{'type':'web_search'}]}; 400; unsupported_value; tools[0].type",
                "{'model':'M','input':'x','tools':[{'type':'function','function':{'name':'f'}}]}; 400; missing_required_parameter; tools[0].name",
                "{'model':'M','input':'x','tool_choice':'f'}; 400; invalid_value; tool_choice",
                "{'model':'M','input':'x','tool_choice':{'type':'function','name':'f'}}; 400; invalid_value; tool_choice.name",
                "{'model':'M','input':'x','tool_choice':{'type':'function','function':{'name':'f'}}}; 400; missing_required_parameter; tool_choice.name",
                "{'model':'M','input':'x','text':{'format':{'type':'xml'}}}; 400; invalid_value; text.format.type",
                "{'model':'M','input':'x','text':{'format':{'type':'json_schema','name':'n'}}}; 400; missing_required_parameter; text.format.schema",
                "{'model':'M','input':'x','metadata':{'a':1}}; 400; invalid_type; metadata.a",
                "{'model':'M','input':[{'role':'user','content':[{'type':'output_text','text':'x'}]}]}; 400; invalid_value; input[0].content[0].type",
                "{'model':'M','input':[{'type':'function_call_output','output':'x'}]}; 400; missing_required_parameter; input[0].call_id",
                "{'model':'M','input':'x','previous_response_id':'resp_a','conversation':'conv_a'}; 400; mutually_exclusive_parameters; -",
                "{'model':'M','input':'x','previous_response_id':'resp_a'}; 400; previous_response_not_found; previous_response_id",
                "{'model':'M','input':'x','conversation':'conv_a'}; 404; -; -",
                "{'model':'M','input':'x','conversation':''}; 404; -; -",
                "{'model':'M','input':'x','conversation':{}}; 400; missing_required_parameter; conversation.id",
                "{'model':'M','input':'x','prompt':{'id':'pmpt_a'}}; 404; -; -",
                "{'model':'other','input':'x'}; 404; model_not_found; model",
                "{'model':'M','input':'x','safety_identifier':'LONG'}; 400; string_above_max_length; safety_identifier",
            })
    void isRefused(String body, int status, String code, String param) throws Exception {
        var sent =
                body.replace('\'', '"')
                        .replace("\"M\"", "\"" + TestingLlmApi.MODEL + "\"")
                        .replace("LONG", "x".repeat(65));
        var reply = alice.post("/v1/responses", sent);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.error().path("code").textValue()).isEqualTo(code);
        assertThat(reply.error().path("param").textValue()).isEqualTo(param);
    }
}
