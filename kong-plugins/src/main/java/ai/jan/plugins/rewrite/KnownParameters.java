// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is known of the top-level parameters of each call: OpenAI's, Jan's own, and those that only
 * vLLM has. Of the latter each is either of use and bounded, or dangerous: it runs code or patterns
 * of the caller's, takes memory or time without bound, or reaches into the server (the advisories
 * are in docs/plugins/jan-rewrite.md).
 */
final class KnownParameters {
    private static final Set<String> SAMPLING =
            words(
                    """
                    model frequency_penalty logit_bias presence_penalty seed stop stream
                    stream_options stream_options.include_usage stream_options.include_obfuscation
                    temperature top_p user n logprobs max_tokens
                    """);

    private static final Set<String> CHAT =
            words(
                    """
                    messages audio function_call functions max_completion_tokens metadata
                    modalities moderation parallel_tool_calls prediction prompt_cache_key
                    prompt_cache_retention reasoning_effort response_format safety_identifier
                    service_tier store tool_choice tools top_logprobs verbosity web_search_options
                    conversation store_reasoning
                    """);

    private static final Set<String> COMPLETIONS = words("prompt best_of echo suffix");

    private static final Set<String> RESPONSES =
            words(
                    """
                    background context_management conversation include input instructions
                    max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls
                    previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning
                    safety_identifier service_tier store stream stream_options
                    stream_options.include_obfuscation temperature text tool_choice tools
                    top_logprobs top_p truncation user
                    """);

    private static final Set<String> EMBEDDINGS =
            words("input model dimensions encoding_format user");

    /** Of vLLM, and harmless: sampling, and what the answer shows. */
    private static final Set<String> HARMLESS =
            words(
                    """
                    top_k min_p repetition_penalty length_penalty min_tokens stop_token_ids
                    bad_words include_stop_str_in_output skip_special_tokens
                    spaces_between_special_tokens include_reasoning echo add_generation_prompt
                    continue_final_message truncate_prompt_tokens return_token_ids
                    return_tokens_as_token_ids cache_salt
                    """);

    /** Of vLLM and its relatives, and dangerous. */
    static final Set<String> DANGEROUS =
            words(
                    """
                    add_special_tokens allowed_token_ids best_of bootstrap_host bootstrap_port
                    bootstrap_room chat_template chat_template_kwargs custom_logit_processor
                    custom_params detokenize documents ebnf ec_transfer_params guided_choice
                    guided_decoding_backend guided_grammar guided_json guided_regex
                    guided_whitespace_pattern ignore_eos image_embeds kv_transfer_params
                    logits_processors logprob_token_ids lora_path lora_request media_io_kwargs
                    mm_processor_kwargs priority prompt_embeds prompt_logprobs prompt_token_ids
                    regex repetition_detection request_id rid session_params structural_tag
                    structured_outputs thinking_token_budget use_beam_search vllm_xargs
                    stream_options.continuous_usage_stats
                    """);

    private static final Map<ModelCall, Set<String>> ALLOWED =
            Map.of(
                    ModelCall.CHAT, union(SAMPLING, CHAT, HARMLESS),
                    ModelCall.COMPLETIONS, union(SAMPLING, COMPLETIONS, HARMLESS),
                    ModelCall.EMBEDDINGS, EMBEDDINGS,
                    ModelCall.RESPONSES, RESPONSES,
                    ModelCall.INPUT_TOKENS, RESPONSES);

    /** Numbers that have no fraction. */
    private static final Set<String> INTEGERS =
            words(
                    """
                    n best_of max_tokens max_completion_tokens max_output_tokens max_tool_calls
                    min_tokens seed top_k top_logprobs truncate_prompt_tokens dimensions
                    """);

    private KnownParameters() {}

    /** Those that a call may have. */
    static Set<String> of(ModelCall call) {
        return ALLOWED.getOrDefault(call, Set.of());
    }

    static boolean isInteger(String name) {
        return INTEGERS.contains(name);
    }

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... sets) {
        var all = new HashSet<String>();
        for (var set : sets) {
            all.addAll(set);
        }
        return Set.copyOf(all);
    }
}
