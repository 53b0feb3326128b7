# SPDX-License-Identifier: Apache-2.0
"""The official OpenAI client for Python, and what a real vLLM streamed."""

import json
import time

import openai
import pytest

MODEL = "smollm2-135m-instruct"
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}


def play(name):
    return {"model": MODEL, "messages": [{"role": "user", "content": f"play {name}"}]}


def test_the_helper_puts_a_stream_together(client):
    with client.chat.completions.stream(**play("chat-stream-usage")) as stream:
        with pytest.raises(openai.LengthFinishReasonError) as cut:  # as the recording ended, at max_tokens
            stream.get_final_completion()
    completion = cut.value.completion

    assert completion.choices[0].message.content == "There are no two colours that are mutually"
    assert completion.choices[0].message.role == "assistant"
    assert completion.choices[0].finish_reason == "length"


def test_usage_is_seen_once_and_only_if_it_was_asked_for(client):
    plain = list(client.chat.completions.create(**play("chat-stream-usage"), stream=True))
    asked = list(client.chat.completions.create(**play("chat-stream-usage"), stream=True, stream_options={"include_usage": True}))

    assert all(chunk.usage is None and chunk.choices for chunk in plain)
    assert [chunk.usage.total_tokens for chunk in asked if chunk.usage] == [42]
    assert asked[-1].choices == []
    assert len(asked) == len(plain) + 1


def test_the_helper_puts_a_tool_call_together(client):
    with client.chat.completions.stream(**play("chat-stream-tool-usage"), tools=[WEATHER]) as stream:
        message = stream.get_final_completion().choices[0].message

    assert len(message.tool_calls) == 1
    assert message.tool_calls[0].function.name == "weather"
    assert json.loads(message.tool_calls[0].function.arguments) == {"city": "Paris"}


def test_comments_that_keep_a_stream_alive_are_skipped(client):
    began = time.monotonic()
    chunks = list(client.chat.completions.create(**play("chat-stream-usage silently"), stream=True))

    assert time.monotonic() - began > 1.5
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "There are no two colours that are mutually"


@pytest.mark.parametrize("options", [{}, {"encoding_format": "float"}, {"encoding_format": "base64"}])
def test_embeddings_arrive_whole_in_either_encoding(client, options):
    value = client.embeddings.create(model=MODEL, input="hello", **options).data[0].embedding

    if isinstance(value, str):  # who asks for base64 is given it
        import base64
        import struct

        value = list(struct.unpack("<3f", base64.b64decode(value)))
    assert value == [1.0, -0.5, 0.25]


def test_legacy_completions_stream(client):
    prompt = {"model": MODEL, "prompt": "play completion-stream-usage"}
    text = "".join(chunk.choices[0].text for chunk in client.completions.create(**prompt, stream=True))

    assert text == " four, five, six,"


@pytest.mark.parametrize("name, kind", [("error-parameter", openai.BadRequestError), ("error-unknown-model", openai.InternalServerError)])
def test_errors_have_a_code_that_is_no_number(client, name, kind):
    for stream in (False, True):
        with pytest.raises(kind) as raised:
            client.chat.completions.create(**play(name), stream=stream)
        assert raised.value.code is None or isinstance(raised.value.code, str)
        assert raised.value.type in ("invalid_request_error", "server_error")


def test_models_with_a_name_that_is_not_there(client):
    assert client.models.retrieve(MODEL).id == MODEL
    for name in ("nobody/nothing", "nothing"):
        with pytest.raises(openai.NotFoundError) as raised:
            client.models.retrieve(name)
        assert raised.value.code == "model_not_found"
