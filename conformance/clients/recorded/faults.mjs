// SPDX-License-Identifier: Apache-2.0
// What the gateway itself answers, to the official OpenAI client for Node: OpenAI's shape, no page. Kong has one
// template for all of its errors, so that their type is always the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { client, rejection, stack } from '../stack.mjs';

function shape(error) {
  assert.ok(error instanceof OpenAI.APIError);
  assert.match(error.headers.get('content-type'), /^application\/json/);
  assert.deepEqual(Object.keys(error.error).sort(), ['code', 'message', 'param', 'type']);
  assert.ok(error.code === null || typeof error.code === 'string');
  return [error.status, error.type];
}

for (const [path, status, kind] of [
  ['/v1/nowhere', 404, 'invalid_request_error'],
  ['/nowhere', 404, 'server_error'],
  ['/refusing', 502, 'server_error'],
  ['/silent', 504, 'server_error'],
]) {
  test(`nothing is behind ${path}`, async () => {
    const [told, said] = shape(await rejection(client.withOptions({ baseURL: stack.gateway_url + path }).models.list()));
    assert.equal(said, kind);
    assert.ok(told === status || (told >= 500 && status >= 500), told);
  });
}

test('a body or a header is too large', async () => {
  const body = await rejection(client.responses.create({ model: 'any', input: 'x'.repeat(9 * 1024 * 1024) }));
  assert.equal(shape(body)[0], 413);
  const [told] = shape(await rejection(client.models.list({ headers: { 'X-Large': 'x'.repeat(40_000) } })));
  assert.ok([400, 431, 494].includes(told), told);
});
