// SPDX-License-Identifier: Apache-2.0
// Stored chat completions, with the official OpenAI client for Node.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import OpenAI from 'openai';
import { all, client, model } from './stack.mjs';

test('a completion is kept, found by its metadata and removed', async () => {
  const mark = randomUUID();
  const messages = [{ role: 'user', content: 'Say hello.' }];
  const kept = await client.chat.completions.create({ model, messages, max_tokens: 8, store: true, metadata: { mark } });

  const found = await all(client.chat.completions.list({ metadata: { mark } }));

  assert.deepEqual(found.map((one) => one.id), [kept.id]);
  assert.equal((await all(client.chat.completions.messages.list(kept.id)))[0].content, 'Say hello.');
  assert.ok((await client.chat.completions.delete(kept.id)).deleted);
  await assert.rejects(client.chat.completions.retrieve(kept.id), OpenAI.NotFoundError);
});
