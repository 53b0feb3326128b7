// SPDX-License-Identifier: Apache-2.0
// What all tests of the Node client share: the running platform, clients and a model.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';

export const stack = JSON.parse(readFileSync(process.env.JAN_STACK, 'utf8'));
export const clientOf = (apiKey, options) => new OpenAI({ baseURL: `${stack.gateway_url}/v1`, apiKey, maxRetries: 0, ...options });
export const client = clientOf(stack.api_key);
export const model = (await client.models.list()).data[0].id;

/** A client of an owner that was never seen before. */
export function somebodyNew(plan, options) {
  const key = execFileSync('sh', [process.env.NEW_KEY, `node-${randomUUID()}`, plan], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return clientOf(key.trim(), options);
}

/** Everything on all pages. */
export async function all(pages) {
  const read = [];
  for await (const one of pages) {
    read.push(one);
  }
  return read;
}

/** The error of a promise that must fail. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('it did not fail');
}
