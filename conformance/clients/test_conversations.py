# SPDX-License-Identifier: Apache-2.0
"""Conversations, with the official OpenAI client for Python."""

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


@pytest.mark.parametrize("count", [0, 1, 20, 21, 41])
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
    ]:
        with pytest.raises(openai.BadRequestError) as refused:
            client.conversations.create(metadata=metadata)
        assert refused.value.code == code
