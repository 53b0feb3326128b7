# SPDX-License-Identifier: Apache-2.0
"""Stored chat completions, with the official OpenAI client for Python."""

import uuid

import openai
import pytest


def ask(client, model, **more):
    return client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": "Say hello."}], max_tokens=8, **more
    )


def test_is_kept_found_and_removed(client, model):
    mark = uuid.uuid4().hex
    completions = [ask(client, model, store=True, metadata={"mark": mark, "n": str(n)}) for n in range(3)]

    found = [one.id for one in client.chat.completions.list(metadata={"mark": mark}, limit=2)]

    assert found == [one.id for one in completions]
    first = completions[0]
    assert client.chat.completions.retrieve(first.id).choices[0].message.content == first.choices[0].message.content
    messages = list(client.chat.completions.messages.list(first.id))
    assert [message.content for message in messages] == ["Say hello."]
    client.chat.completions.update(first.id, metadata={"mark": "other"})
    assert len(list(client.chat.completions.list(metadata={"mark": mark}))) == 2
    for one in completions:
        assert client.chat.completions.delete(one.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.retrieve(first.id)


def test_is_not_kept_unless_asked(client, model):
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.retrieve(ask(client, model).id)
