// SPDX-License-Identifier: Apache-2.0
// The official OpenAI client for Node against the running platform.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { client, model } from './stack.mjs';

const ask = (content) => [{ role: 'user', content }];
test('answers a chat', async () => {
  const completion = await client.chat.completions.create({ model, messages: ask('Say hello.'), max_tokens: 16 });

  assert.ok(completion.choices[0].message.content);
  assert.ok(completion._request_id);
});

test('streams a chat', async () => {
  const runner = client.chat.completions.stream({ model, messages: ask('Say hello.'), max_tokens: 16 });

  const completion = await runner.finalChatCompletion();

  assert.equal(completion.choices[0].message.role, 'assistant');
  assert.ok(completion.choices[0].message.content);
});

test('continues a conversation', async () => {
  const conversation = await client.conversations.create({});
  for (const text of ['My name is Ada.', 'What is my name?']) {
    await client.chat.completions.create({ model, messages: ask(text), max_tokens: 16, conversation: conversation.id });
  }

  const items = [];
  for await (const item of client.conversations.items.list(conversation.id, { order: 'asc', limit: 3 })) {
    items.push(item);
  }

  assert.deepEqual(items.map((item) => item.role), ['user', 'assistant', 'user', 'assistant']);
});

test('raises the right errors', async () => {
  await assert.rejects(client.chat.completions.create({ model: 'no-such-model', messages: ask('hello') }), OpenAI.NotFoundError);
  await assert.rejects(client.withOptions({ apiKey: 'wrong' }).models.list(), OpenAI.AuthenticationError);
});
