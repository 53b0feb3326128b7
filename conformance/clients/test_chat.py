# SPDX-License-Identifier: Apache-2.0
"""The official OpenAI client for Python against the running platform."""

import openai
import pytest


def ask(text):
    return [{"role": "user", "content": text}]


def test_answers_a_chat(client, model):
    completion = client.chat.completions.create(model=model, messages=ask("Say hello."), max_tokens=16)

    assert completion.choices[0].message.content
    assert completion.usage.completion_tokens > 0
    assert completion._request_id


def test_streams_a_chat(client, model):
    with client.chat.completions.create(model=model, messages=ask("Say hello."), max_tokens=16, stream=True) as stream:
        chunks = list(stream)

    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert len({c.id for c in chunks}) == 1
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] in ("stop", "length")


def test_reports_usage_in_a_stream_only_when_asked(client, model):
    def usages(**options):
        stream = client.chat.completions.create(
            model=model, messages=ask("Say hello."), max_tokens=8, stream=True, **options
        )
        return [chunk.usage for chunk in stream if chunk.usage]

    assert usages() == []
    assert len(usages(stream_options={"include_usage": True})) == 1


def test_continues_a_conversation(client, model):
    conversation = client.conversations.create()
    for text in ("My name is Ada.", "What is my name?"):
        client.chat.completions.create(
            model=model, messages=ask(text), max_tokens=16, extra_body={"conversation": conversation.id}
        )

    items = list(client.conversations.items.list(conversation.id, order="asc"))

    assert [item.role for item in items] == ["user", "assistant", "user", "assistant"]
    assert items[0].content[0].text == "My name is Ada."
    client.conversations.delete(conversation.id)
    with pytest.raises(openai.NotFoundError):
        client.conversations.retrieve(conversation.id)


def test_raises_the_right_errors(client, model):
    with pytest.raises(openai.NotFoundError) as unknown_model:
        client.chat.completions.create(model="no-such-model", messages=ask("hello"))
    assert unknown_model.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model=model, messages=[])
    with pytest.raises(openai.AuthenticationError) as wrong_key:
        client.with_options(api_key="sk_live_" + "0" * 48).models.list()
    assert wrong_key.value.code == "invalid_api_key"
