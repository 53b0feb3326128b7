# SPDX-License-Identifier: Apache-2.0
"""Responses, with the official OpenAI client for Python."""

import json

import openai
import pytest


def respond(client, model, text, **more):
    return client.responses.create(model=model, input=text, max_output_tokens=16, **more)


def test_answers_and_keeps(client, model):
    response = respond(client, model, "Say hello.", metadata={"a": "b"})

    assert response.output_text
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens
    kept = client.responses.retrieve(response.id)
    assert kept.output_text == response.output_text
    assert kept.metadata == {"a": "b"}
    items = list(client.responses.input_items.list(response.id))
    assert items[0].content[0].text == "Say hello."
    client.responses.delete(response.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(response.id)


def test_streams_in_order(client, model):
    with client.responses.stream(model=model, input="Say hello.", max_output_tokens=16) as stream:
        events = list(stream)

    response = events[-1].response  # completed, or incomplete where the model has more to say than it may
    assert [event.sequence_number for event in events] == list(range(len(events)))
    types = [event.type for event in events]
    assert types[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert types[-1] in ("response.completed", "response.incomplete")
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert text == response.output_text


def test_events_come_in_order_and_end_without_done(client, model):
    with client.responses.with_streaming_response.create(model=model, input="Say hello.", max_output_tokens=16, stream=True) as raw:
        text = "".join(raw.iter_text())

    assert "[DONE]" not in text and text.endswith("}\n\n")
    events = [[line.split(": ", 1)[1] for line in event.split("\n")] for event in text.strip().split("\n\n") if not event.startswith(":")]
    for number, (name, data) in enumerate(events):
        assert (json.loads(data)["type"], json.loads(data)["sequence_number"]) == (name, number)
    kinds = list(dict.fromkeys(name.removeprefix("response.") for name, _ in events))
    assert kinds[:-1] == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
    ]
    assert kinds[-1] in ("completed", "incomplete")


def test_a_chain_is_continued_and_what_is_not_kept_is_not(client, model):
    first = respond(client, model, "My name is Ada.")
    second = respond(client, model, "What is my name?", previous_response_id=first.id)
    assert second.previous_response_id == first.id
    assert second.usage.input_tokens > first.usage.input_tokens

    gone = respond(client, model, "hello", store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(gone.id)
    with pytest.raises(openai.BadRequestError) as refused:
        respond(client, model, "hello", previous_response_id=gone.id)
    assert refused.value.code == "previous_response_not_found"


def test_belongs_to_a_conversation(client, model):
    conversation = client.conversations.create().id
    respond(client, model, "My name is Ada.", conversation=conversation)
    respond(client, model, "What is my name?", conversation={"id": conversation}, store=False)

    items = list(client.conversations.items.list(conversation, order="asc"))

    assert [item.role for item in items] == ["user", "assistant", "user", "assistant"]


def test_counts_tokens(client, model):
    short = client.responses.input_tokens.count(model=model, input="hello").input_tokens
    long = client.responses.input_tokens.count(model=model, input="hello " * 50).input_tokens
    assert 0 < short < long


def test_refuses_what_it_cannot_do(client, model):
    for more in [{"background": True}, {"tools": [{"type": "web_search"}]}]:
        with pytest.raises(openai.BadRequestError) as refused:
            respond(client, model, "hello", **more)
        assert refused.value.code == "unsupported_value"
