// SPDX-License-Identifier: Apache-2.0
// Conversations, with the official OpenAI client for Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { all, client, model, rejection, somebodyNew } from './stack.mjs';

const said = (texts) => texts.map((content) => ({ type: 'message', role: 'user', content }));

test('a conversation lives from creation to deletion', async () => {
  const created = await client.conversations.create({ metadata: { a: 'b' }, items: said(['first']) });
  assert.deepEqual(await client.conversations.retrieve(created.id), created);
  assert.deepEqual((await client.conversations.update(created.id, { metadata: { c: 'd' } })).metadata, { c: 'd' });
  const [item] = (await client.conversations.items.list(created.id)).data;
  assert.deepEqual(await client.conversations.items.retrieve(item.id, { conversation_id: created.id }), item);
  const left = await client.conversations.items.delete(item.id, { conversation_id: created.id });
  assert.equal(left.id, created.id);
  const { data, first_id, last_id, has_more } = (await client.conversations.items.list(created.id)).body;
  assert.deepEqual({ data, first_id, last_id, has_more }, { data: [], first_id: null, last_id: null, has_more: false });
  assert.ok((await client.conversations.delete(created.id)).deleted);
  await assert.rejects(client.conversations.retrieve(created.id), OpenAI.NotFoundError);
});

for (const count of [0, 1, 20, 21, 100, 101]) {
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

test('after the last item there is none, and after an unknown one an error', async () => {
  const { id } = await client.conversations.create({ items: said(['only']) });
  const { last_id } = (await client.conversations.items.list(id)).body;
  assert.deepEqual((await client.conversations.items.list(id, { after: last_id })).data, []);
  await assert.rejects(client.conversations.items.list(id, { after: 'msg_unknown' }), (error) => error.param === 'after');
});

test('metadata has limits', async () => {
  const pairs = (count, key, value) => Object.fromEntries(Array.from({ length: count }, (_, n) => [key + (10 + n), value]));
  await client.conversations.create({ metadata: pairs(16, 'k'.repeat(62), 'v'.repeat(512)) });
  for (const [metadata, code] of [
    [pairs(17, '', ''), 'object_above_max_properties'],
    [{ ['k'.repeat(65)]: '' }, 'property_name_above_max_length'],
    [{ k: 'v'.repeat(513) }, 'string_above_max_length'],
    [{ k: 1 }, 'invalid_type'],
    [[], 'invalid_type'],
  ]) {
    const refused = await rejection(client.conversations.create({ metadata }));
    assert.ok(refused instanceof OpenAI.BadRequestError);
    assert.equal(refused.code, code);
    assert.match(refused.param, /^metadata/);
  }
});

test('items of one request stay together, however many are added at once', async () => {
  const { id } = await client.conversations.create({});
  const requests = Array.from({ length: 20 }, (_, writer) => Array.from({ length: 5 }, (_, item) => `${writer}/${item}`));

  await Promise.all(requests.map((texts) => client.conversations.items.create(id, { items: said(texts) })));

  const read = (await all(client.conversations.items.list(id, { order: 'asc' }))).map((item) => item.content[0].text);
  const found = [];
  for (let start = 0; start < read.length; start += 5) {
    found.push(read.slice(start, start + 5));
  }
  assert.deepEqual(found.sort(), requests.sort());
});

test('what belongs to somebody else is like what does not exist', async () => {
  const stranger = somebodyNew('pro');
  const theirs = (await client.conversations.create({ items: said(['secret']) })).id;
  const item = (await client.conversations.items.list(theirs)).data[0].id;
  const own = (await stranger.conversations.create({})).id;
  for (const [given, use] of [
    [theirs, (id) => stranger.conversations.retrieve(id)],
    [theirs, (id) => stranger.conversations.delete(id)],
    [theirs, (id) => stranger.conversations.items.list(id)],
    [theirs, (id) => stranger.responses.create({ model, input: 'hello', conversation: id })],
    [item, (id) => stranger.conversations.items.retrieve(id, { conversation_id: own })],
    [item, (id) => stranger.conversations.items.create(own, { items: [{ type: 'item_reference', id }] })],
  ]) {
    const told = [];
    for (const id of [given, `${given.slice(0, -6)}zzzzzz`]) {
      const refused = await rejection(use(id));
      assert.ok(refused instanceof OpenAI.NotFoundError);
      told.push([JSON.stringify(refused.error).replace(id, 'ID'), [...refused.headers.keys()]]);
    }
    assert.deepEqual(told[0], told[1]);
  }
  assert.equal((await client.conversations.items.list(theirs)).data[0].content[0].text, 'secret');
});
