// SPDX-License-Identifier: Apache-2.0
// The official OpenAI client for Node, and what a real vLLM streamed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { client, model } from '../stack.mjs';

const play = (name) => ({ model, messages: [{ role: 'user', content: `play ${name}` }] });
const said = 'There are no two colours that are mutually';

test('the helper puts a stream together', async () => {
  const completion = await client.chat.completions.stream(play('chat-stream-usage')).finalChatCompletion();

  assert.equal(completion.choices[0].message.content, said);
  assert.equal(completion.choices[0].finish_reason, 'length');
});

test('usage is seen once and only if it was asked for', async () => {
  const chunks = async (options) => {
    const all = [];
    for await (const chunk of await client.chat.completions.create({ ...play('chat-stream-usage'), stream: true, ...options })) all.push(chunk);
    return all;
  };

  const plain = await chunks({});
  const asked = await chunks({ stream_options: { include_usage: true } });

  assert.ok(plain.every((chunk) => !('usage' in chunk) && chunk.choices.length === 1));
  assert.deepEqual(asked.filter((chunk) => chunk.usage).map((chunk) => chunk.usage.total_tokens), [42]);
  assert.equal(asked.length, plain.length + 1);
});

test('runTools calls the tool that the stream asks for', async () => {
  const cities = [];
  const runner = client.chat.completions.runTools(
    {
      ...play('chat-stream-tool-usage'),
      stream: true,
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            parse: JSON.parse,
            function: ({ city }) => cities.push(city),
          },
        },
      ],
    },
    { maxChatCompletions: 1 },
  );
  await runner.done();

  assert.deepEqual(cities, ['Paris']);
});

test('comments that keep a stream alive are skipped', async () => {
  const runner = client.chat.completions.stream(play('chat-stream-usage silently'));

  assert.equal((await runner.finalChatCompletion()).choices[0].message.content, said);
});

test('embeddings arrive whole in either encoding', async () => {
  for (const options of [{}, { encoding_format: 'float' }]) {
    const answer = await client.embeddings.create({ model, input: 'hello', ...options });
    assert.deepEqual([...answer.data[0].embedding], [1, -0.5, 0.25]);
  }
});

test('legacy completions stream', async () => {
  let text = '';
  for await (const chunk of await client.completions.create({ model, prompt: 'play completion-stream-usage', stream: true })) {
    text += chunk.choices[0].text;
  }

  assert.equal(text, ' four, five, six,');
});

test('errors have a code that is no number', async () => {
  for (const stream of [false, true]) {
    await assert.rejects(client.chat.completions.create({ ...play('error-parameter'), stream }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(typeof (error.code ?? ''), 'string');
      return true;
    });
  }
});
