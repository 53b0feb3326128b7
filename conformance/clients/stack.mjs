// SPDX-License-Identifier: Apache-2.0
// What all tests of the Node client share: the running platform, a client and a model.

import { readFileSync } from 'node:fs';
import OpenAI from 'openai';

const stack = JSON.parse(readFileSync(process.env.JAN_STACK, 'utf8'));
export const client = new OpenAI({ baseURL: `${stack.gateway_url}/v1`, apiKey: stack.api_key, maxRetries: 0 });
export const model = (await client.models.list()).data[0].id;

/** Everything on all pages. */
export async function all(pages) {
  const read = [];
  for await (const one of pages) {
    read.push(one);
  }
  return read;
}
