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

test('events come in order and end without [DONE]', async () => {
  const raw = await client.responses.create({ model, input: 'Say hello.', max_output_tokens: 16, stream: true }).asResponse();
  const text = await raw.text();

  assert.ok(!text.includes('[DONE]') && text.endsWith('}\n\n'));
  const events = text.trim().split('\n\n').filter((event) => !event.startsWith(':'));
  const names = events.map((event, number) => {
    const [name, data] = event.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
    const { type, sequence_number } = JSON.parse(data);
    assert.deepEqual([type, sequence_number], [name, number]);
    return name.replace(/^response\./, '');
  });
  const kinds = [...new Set(names)];
  assert.deepEqual(kinds.slice(0, -1), [
    'created', 'in_progress', 'output_item.added', 'content_part.added', 'output_text.delta', 'output_text.done', 'content_part.done', 'output_item.done',
  ]);
  assert.match(kinds.at(-1), /^(completed|incomplete)$/);
});

test('what is not kept is not found', async () => {
  const gone = await respond('hello', { store: false });
  await assert.rejects(client.responses.retrieve(gone.id), OpenAI.NotFoundError);
  await assert.rejects(respond('hello', { previous_response_id: gone.id }), (error) => error.code === 'previous_response_not_found');
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
