// SPDX-License-Identifier: Apache-2.0
// Limits, and the official OpenAI client for Node: it waits as long as it is told, and not at all if that is pointless.
// What the limits are is in policy.py.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { model, rejection, somebodyNew } from '../stack.mjs';

const chat = { model, messages: [{ role: 'user', content: 'play chat' }], max_completion_tokens: 8 };

function milliseconds(duration) {
  const parts = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:(\d+)ms)?$/.exec(duration);
  assert.ok(parts && duration, duration);
  return parts.slice(1).reduce((sum, part, unit) => sum + Number(part ?? 0) * [3_600_000, 60_000, 1000, 1][unit], 0);
}

test('what is left is told by the formula', async () => {
  const { headers } = await somebodyNew('user').chat.completions.create(chat).asResponse();
  for (const [unit, limit] of [['requests', 40], ['tokens', 30_000]]) {
    assert.equal(headers.get(`x-ratelimit-limit-${unit}`), String(limit));
    const remaining = Number(headers.get(`x-ratelimit-remaining-${unit}`));
    assert.ok(remaining > 0 && remaining < limit);
    const reset = milliseconds(headers.get(`x-ratelimit-reset-${unit}`));
    assert.ok(Math.abs(reset - ((limit - remaining) * 60_000) / limit) <= 1);
  }
});

test('it comes back when there is room again', async () => {
  const client = somebodyNew('user');
  const exhaust = async () => {
    for (let i = 0; i < 80; i++) {
      await client.chat.completions.create(chat);
    }
  };
  const refused = await rejection(exhaust());
  const since = performance.now();
  assert.ok(refused instanceof OpenAI.RateLimitError);
  assert.deepEqual([refused.type, refused.code], ['requests', 'rate_limit_exceeded']);
  assert.match(refused.message, /Please try again in /);
  const told = Number(refused.headers.get('retry-after-ms'));

  assert.ok((await client.chat.completions.create(chat, { maxRetries: 1 })).id);

  const waited = performance.now() - since;
  assert.ok(told <= waited && waited < told + 30_000, `told ${told}, waited ${waited}`);
});

test('it waits neither for hours nor for what never fits', async () => {
  let attempts = 0;
  const counting = (...request) => {
    attempts++;
    return fetch(...request);
  };
  const client = somebodyNew('guest', { maxRetries: 2, fetch: counting });
  const never = await rejection(client.chat.completions.create({ ...chat, max_completion_tokens: 1000 }));
  assert.ok(never instanceof OpenAI.RateLimitError);
  assert.equal(never.type, 'tokens');
  assert.equal(attempts, 1);

  await client.chat.completions.create(chat);
  await client.chat.completions.create(chat);
  const hours = await rejection(client.chat.completions.create(chat));

  assert.equal(attempts, 4);
  assert.equal(hours.headers.get('x-should-retry'), 'false');
  assert.ok(Number(hours.headers.get('retry-after')) > 11.9 * 3600);
});
