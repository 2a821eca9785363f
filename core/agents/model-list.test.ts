import { describe, expect, it } from 'vitest';
import { likeliest, modelNames } from './model-list.ts';
import { llmServers, type Scripted } from './testing/llm-server.ts';

const start = llmServers();

async function listed(scripted: Scripted): Promise<readonly string[]> {
  const { baseUrl } = await start(() => scripted);
  return modelNames({ baseUrl, secret: () => 'the-key-of-the-server' }, new AbortController().signal);
}

describe("a server's models", () => {
  it.each<[string, Scripted, readonly string[]]>([
    [
      'as OpenAI lists them',
      { kind: 'json', body: { object: 'list', data: [{ id: 'a' }, { id: 'b' }] } },
      ['a', 'b'],
    ],
    ['as a plain list', { kind: 'json', body: [{ name: 'a' }, 'b', 7] }, ['a', 'b']],
    ['without the key that it repeats', { kind: 'json', body: [{ id: 'the-key-of-the-server' }] }, ['[key]']],
    ['nothing where it refuses', { kind: 'json', status: 404, body: [{ id: 'a' }] }, []],
    ['nothing where it is no list', { kind: 'json', body: { data: 'a' } }, []],
    ['nothing where it is no JSON', { kind: 'raw', text: '<html>' }, []],
    ['nothing where it breaks off', { kind: 'cut', text: '{"data"' }, []],
  ])('are named %s', async (_, scripted, names) => {
    expect(await listed(scripted)).toEqual(names);
  });

  it('are shown with the likeliest first', () => {
    expect(likeliest(['llama-3-8b', 'gpt-5', 'gpt-5-mini', 'qwen3:8b'], 'gpt5-mini', 2)).toEqual([
      'gpt-5-mini',
      'llama-3-8b',
    ]);
    expect(likeliest([], 'x', 2)).toEqual([]);
  });
});
