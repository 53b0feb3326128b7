// SPDX-License-Identifier: Apache-2.0
// Responses, with the official OpenAI client for Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { all, client, model } from './stack.mjs';

const respond = (input, more) => client.responses.create({ model, input, max_output_tokens: 16, ...more });

test('a response is answered, kept and removed', async () => {
  const response = await respond('Say hello.');
  assert.ok(response.output_text);
  assert.equal((await client.responses.retrieve(response.id)).output_text, response.output_text);
  assert.equal((await all(client.responses.inputItems.list(response.id))).length, 1);
  await client.responses.delete(response.id);
  await assert.rejects(client.responses.retrieve(response.id), OpenAI.NotFoundError);
});

test('a response is streamed in order', async () => {
  const stream = client.responses.stream({ model, input: 'Say hello.', max_output_tokens: 16 });
  const numbers = [];
  let text = '';
  for await (const event of stream) {
    numbers.push(event.sequence_number);
    text += event.type === 'response.output_text.delta' ? event.delta : '';
  }
  const response = await stream.finalResponse();
  assert.deepEqual(numbers, numbers.map((_, index) => index));
  assert.equal(response.output_text, text);
});

test('a chain and a conversation are continued', async () => {
  const first = await respond('My name is Ada.');
  const second = await respond('What is my name?', { previous_response_id: first.id });
  assert.ok(second.usage.input_tokens > first.usage.input_tokens);
  const { id } = await client.conversations.create({});
  await respond('My name is Ada.', { conversation: id });
  await respond('What is my name?', { conversation: id, store: false });
  const items = await all(client.conversations.items.list(id, { order: 'asc' }));
  assert.deepEqual(items.map((item) => item.role), ['user', 'assistant', 'user', 'assistant']);
});

test('what cannot be done is refused', async () => {
  await assert.rejects(respond('hello', { background: true }), (error) => error.code === 'unsupported_value');
  await assert.rejects(
    respond('hello', { previous_response_id: 'resp_unknown' }),
    (error) => error.status === 400 && error.code === 'previous_response_not_found',
  );
});
