// SPDX-License-Identifier: Apache-2.0
// Turns that meet, break or are left, with the official OpenAI client for Node and a model server that does as told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import { all, client, model, rejection, somebodyNew, stack } from '../stack.mjs';

const said = 'There are no two colours that are mutually';
const respond = (input, more) => client.responses.create({ model, input, ...more });
const texts = async (id) => (await all(client.conversations.items.list(id, { order: 'asc' }))).map((item) => item.content[0].text);

test('of two responses in one conversation one is refused', async () => {
  const { id } = await client.conversations.create({});
  const stream = await respond('play chat-stream-usage silently', { conversation: id, stream: true });
  const events = stream[Symbol.asyncIterator]();
  assert.equal((await events.next()).value.type, 'response.created');

  const refused = await rejection(respond('recite', { conversation: id }));

  assert.ok(refused instanceof OpenAI.BadRequestError);
  assert.deepEqual([refused.code, refused.param], ['conversation_locked', 'conversation']);
  assert.deepEqual(await texts(id), [], 'half a turn');
  while (!(await events.next()).done);
  assert.deepEqual(await texts(id), ['play chat-stream-usage silently', said]);
});

test('a response fails when the model server dies', async () => {
  const events = await all(await respond('play chat-stream-usage dying', { stream: true }));

  assert.deepEqual(events.map((event) => event.sequence_number), [...events.keys()]);
  assert.equal(events.at(-1).type, 'response.failed');
  assert.equal(events.at(-1).response.status, 'failed');
  assert.equal(events.at(-1).response.error.code, 'server_error');
});

test('a branch sees its own chain only', async () => {
  const { id } = await client.conversations.create({});
  const first = await respond('recite', { conversation: id });
  await respond('recite', { conversation: id });

  const branch = await respond('recite', { previous_response_id: first.id });

  assert.equal(branch.output_text, 'recite|recite|recite'); // the first question, its answer, this question
  assert.equal((await texts(id)).length, 4);
});

test('a model whose client left stops, and usage is written', async () => {
  const leaving = somebodyNew('pro');
  const chat = (content) => ({ model, messages: [{ role: 'user', content }] });
  const impatient = { timeout: 1500 };

  await assert.rejects(leaving.chat.completions.create(chat('play chat hesitantly'), impatient), OpenAI.APIConnectionTimeoutError);
  await ends(leaving, 1);

  const silent = { ...chat('play chat hesitantly'), stream: true };
  await assert.rejects(leaving.chat.completions.create(silent, impatient), OpenAI.APIConnectionTimeoutError);
  await ends(leaving, 2);

  const stream = await leaving.chat.completions.create({ ...chat('play chat-stream-usage endlessly'), stream: true });
  for await (const chunk of stream) {
    assert.ok(chunk.choices.length);
    assert.equal(await running(), 1);
    break; // which makes the client leave
  }
  await ends(leaving, 3);
});

async function ends(caller, requests) {
  const deadline = performance.now() + 30_000;
  while ((await running()) > 0 || (await used(caller)) !== requests) {
    assert.ok(performance.now() < deadline, `running ${await running()}, used ${await used(caller)}`);
    await sleep(100);
  }
}

const used = async (caller) => (await caller.get('/usage')).data.reduce((sum, day) => sum + day.requests, 0);

async function running() {
  const metrics = await fetch(new URL('/metrics', stack.model_url));
  return Number((await metrics.text()).trim().split(' ').at(-1));
}
