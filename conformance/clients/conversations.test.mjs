// SPDX-License-Identifier: Apache-2.0
// Conversations, with the official OpenAI client for Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { all, client } from './stack.mjs';

const said = (texts) => texts.map((content) => ({ type: 'message', role: 'user', content }));

test('a conversation lives from creation to deletion', async () => {
  const created = await client.conversations.create({ metadata: { a: 'b' }, items: said(['first']) });
  assert.deepEqual(await client.conversations.retrieve(created.id), created);
  const [item] = (await client.conversations.items.list(created.id)).data;
  const left = await client.conversations.items.delete(item.id, { conversation_id: created.id });
  assert.equal(left.id, created.id);
  assert.ok((await client.conversations.delete(created.id)).deleted);
  await assert.rejects(client.conversations.retrieve(created.id), OpenAI.NotFoundError);
});

for (const count of [0, 1, 20, 21, 41]) {
  test(`paging over ${count} items comes to an end, in order`, async () => {
    const { id } = await client.conversations.create({});
    const texts = Array.from({ length: count }, (_, number) => String(number));
    for (let start = 0; start < count; start += 20) {
      await client.conversations.items.create(id, { items: said(texts.slice(start, start + 20)) });
    }

    const items = await all(client.conversations.items.list(id, { order: 'asc' }));

    assert.deepEqual(items.map((item) => item.content[0].text), texts);
  });
}

test('an unknown cursor is an error', async () => {
  const { id } = await client.conversations.create({});
  await assert.rejects(client.conversations.items.list(id, { after: 'msg_unknown' }), (error) => error.param === 'after');
});
