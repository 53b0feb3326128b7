// SPDX-License-Identifier: Apache-2.0
// The official MCP client for TypeScript against the running platform.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const stack = JSON.parse(readFileSync(process.env.JAN_STACK, 'utf8'));

async function connected(key = stack.api_key, path = '/mcp') {
  const client = new Client({ name: 'conformance', version: '1.0.0' });
  const headers = { Authorization: `Bearer ${key}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(path, stack.gateway_url), { requestInit: { headers } }));
  return client;
}

for (const path of ['/mcp', '/v1/mcp']) {
  test(`lists tools at ${path}`, async () => {
    const client = await connected(stack.api_key, path);

    const names = (await client.listTools()).tools.map((tool) => tool.name);

    assert.ok(names.includes('scrape') && names.includes('file_search_query'));
    await client.close();
  });
}

test('keeps and finds a document', async () => {
  const client = await connected();
  const call = (name, args) => client.callTool({ name, arguments: args });
  await client.listTools(); // the client checks results against the schemas it has seen
  await call('file_search_index', { document_id: 'node', text: 'Whales sing under water.' });

  const found = await call('file_search_query', { query: 'Which animal makes music in the sea?', top_k: 20 });

  assert.ok(found.structuredContent.results.some((result) => result.document_id === 'node'));
  assert.deepEqual(JSON.parse(found.content[0].text), found.structuredContent);
  await call('file_search_delete', { document_id: 'node' });
  await client.close();
});

test('names the argument that is wrong', async () => {
  const client = await connected();

  const result = await client.callTool({ name: 'file_search_query', arguments: {} });

  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /query/);
  await client.close();
});

test('refuses a wrong key', async () => {
  await assert.rejects(connected(`sk_live_${'0'.repeat(48)}`));
});
