# SPDX-License-Identifier: Apache-2.0
"""Conversations, with the official OpenAI client for Python."""

from concurrent.futures import ThreadPoolExecutor

import openai
import pytest


def said(*texts):
    return [{"type": "message", "role": "user", "content": text} for text in texts]


def test_lives_from_creation_to_deletion(client):
    created = client.conversations.create(metadata={"a": "b"}, items=said("first"))
    assert created.metadata == {"a": "b"}
    assert client.conversations.retrieve(created.id) == created
    assert client.conversations.update(created.id, metadata={"c": "d"}).metadata == {"c": "d"}

    item = client.conversations.items.list(created.id).data[0]
    assert client.conversations.items.retrieve(item.id, conversation_id=created.id) == item
    left = client.conversations.items.delete(item.id, conversation_id=created.id)
    assert left.id == created.id and left.object == "conversation"
    empty = client.conversations.items.list(created.id)
    assert (empty.data, empty.first_id, empty.last_id, empty.has_more) == ([], None, None, False)

    assert client.conversations.delete(created.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.conversations.retrieve(created.id)


@pytest.mark.parametrize("count", [0, 1, 20, 21, 100, 101])
def test_paging_comes_to_an_end_in_order(client, count):
    conversation = client.conversations.create().id
    texts = [str(number) for number in range(count)]
    for start in range(0, count, 20):
        client.conversations.items.create(conversation, items=said(*texts[start : start + 20]))

    read = [item.content[0].text for item in client.conversations.items.list(conversation, order="asc")]

    assert read == texts


def test_after_the_last_item_there_is_none_and_after_an_unknown_one_an_error(client):
    conversation = client.conversations.create(items=said("only")).id
    last = client.conversations.items.list(conversation).last_id
    assert client.conversations.items.list(conversation, after=last).data == []
    with pytest.raises(openai.NotFoundError) as unknown:
        client.conversations.items.list(conversation, after="msg_unknown")
    assert unknown.value.param == "after"


def test_metadata_has_limits(client):
    client.conversations.create(metadata={f"{n:064}": "v" * 512 for n in range(16)})
    for metadata, code in [
        ({str(n): "" for n in range(17)}, "object_above_max_properties"),
        ({"k" * 65: ""}, "property_name_above_max_length"),
        ({"k": "v" * 513}, "string_above_max_length"),
        ({"k": 1}, "invalid_type"),
        ([], "invalid_type"),
    ]:
        with pytest.raises(openai.BadRequestError) as refused:
            client.conversations.create(metadata=metadata)
        assert refused.value.code == code
        assert refused.value.param.startswith("metadata")


def test_items_of_one_request_stay_together_however_many_are_added_at_once(client):
    conversation = client.conversations.create().id
    requests = [[f"{writer}/{item}" for item in range(5)] for writer in range(20)]

    with ThreadPoolExecutor(len(requests)) as writers:
        list(writers.map(lambda texts: client.conversations.items.create(conversation, items=said(*texts)), requests))

    read = [item.content[0].text for item in client.conversations.items.list(conversation, order="asc")]
    assert sorted(read[start : start + 5] for start in range(0, len(read), 5)) == sorted(requests)


def test_what_belongs_to_somebody_else_is_like_what_does_not_exist(client, stranger, model):
    theirs = client.conversations.create(items=said("secret")).id
    item = client.conversations.items.list(theirs).data[0].id
    own = stranger.conversations.create().id
    items = stranger.conversations.items
    for given, use in [
        (theirs, stranger.conversations.retrieve),
        (theirs, stranger.conversations.delete),
        (theirs, items.list),
        (theirs, lambda name: stranger.responses.create(model=model, input="hello", conversation=name)),
        (item, lambda name: items.retrieve(name, conversation_id=own)),
        (item, lambda name: items.create(own, items=[{"type": "item_reference", "id": name}])),
    ]:
        unknown = given[:-6] + "zzzzzz"
        told = []
        for name in (given, unknown):
            with pytest.raises(openai.NotFoundError) as refused:
                use(name)
            told.append((refused.value.response.text.replace(name, "ID"), sorted(refused.value.response.headers.keys())))
        assert told[0] == told[1]
    assert [one.content[0].text for one in client.conversations.items.list(theirs)] == ["secret"]
