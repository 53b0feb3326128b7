# SPDX-License-Identifier: Apache-2.0
"""Turns that meet, break or are left, with the official OpenAI client for Python and a model server that does as told."""

import time
import urllib.request

import openai
import pytest
from conftest import STACK

MODEL = "smollm2-135m-instruct"
SAID = "There are no two colours that are mutually"
BOUND = 30


def respond(client, text, **more):
    return client.responses.create(model=MODEL, input=text, **more)


def texts(client, conversation):
    return [item.content[0].text for item in client.conversations.items.list(conversation, order="asc")]


def test_of_two_responses_in_one_conversation_one_is_refused(client):
    conversation = client.conversations.create().id
    with respond(client, "play chat-stream-usage silently", conversation=conversation, stream=True) as stream:
        assert next(iter(stream)).type == "response.created"

        with pytest.raises(openai.BadRequestError) as refused:
            respond(client, "recite", conversation=conversation)

        assert (refused.value.code, refused.value.param) == ("conversation_locked", "conversation")
        assert texts(client, conversation) == []  # no half turn
        list(stream)
    assert texts(client, conversation) == ["play chat-stream-usage silently", SAID]


def test_a_response_fails_when_the_model_server_dies(client):
    events = list(respond(client, "play chat-stream-usage dying", stream=True))

    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[-1].type == "response.failed"
    assert events[-1].response.status == "failed"
    assert events[-1].response.error.code == "server_error"


def test_a_branch_sees_its_own_chain_only(client):
    conversation = client.conversations.create().id
    first = respond(client, "recite", conversation=conversation)
    respond(client, "recite", conversation=conversation)

    branch = respond(client, "recite", previous_response_id=first.id)

    assert branch.output_text == "recite|recite|recite"  # the first question, its answer, this question
    assert len(texts(client, conversation)) == 4


def test_a_model_whose_client_left_stops_and_usage_is_written(somebody_new):
    with somebody_new("pro") as client:
        impatient = client.with_options(timeout=1.5)
        chat = {"model": MODEL, "messages": [{"role": "user", "content": "play chat hesitantly"}]}
        with pytest.raises(openai.APITimeoutError):
            impatient.chat.completions.create(**chat)
        await_end(client, requests=1)

        with pytest.raises(openai.APITimeoutError):  # the service says that it lives, and no more
            for _ in impatient.chat.completions.create(**chat, stream=True):
                pytest.fail("a token that nobody made")
        await_end(client, requests=2)

        chat["messages"] = [{"role": "user", "content": "play chat-stream-usage endlessly"}]
        with client.chat.completions.create(**chat, stream=True) as stream:
            assert next(iter(stream)).choices
            assert running() == 1
        await_end(client, requests=3)


def await_end(client, requests):
    deadline = time.monotonic() + BOUND
    while running() > 0 or used(client) != requests:
        assert time.monotonic() < deadline, (running(), used(client))
        time.sleep(0.1)


def used(client):
    return sum(day["requests"] for day in client.get("/usage", cast_to=object)["data"])


def running():
    with urllib.request.urlopen(STACK["model_url"].removesuffix("/v1") + "/metrics") as metrics:
        return int(float(metrics.read().split()[-1]))
