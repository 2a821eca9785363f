import { describe, expect, it } from 'vitest';
import { ManualClock, SeededRandom } from '../domain/index.ts';
import { MemorySpendingStore } from '../storage/index.ts';
import { LlmClient } from './llm-client.ts';
import { openOpenAiTransport } from './openai-transport.ts';
import { llmSettings } from './testing/briefs.ts';
import {
  answering,
  completion,
  deadBaseUrl,
  GOOD_ANSWER,
  llmServers,
  refusing,
  type Script,
  type Scripted,
} from './testing/llm-server.ts';
import { ManualTimers } from './testing/manual-timers.ts';
import { scriptedTransport } from './testing/test-agents.ts';
import { type OpenTransport, ServerRefusal } from './transport.ts';
import { UsdLedger } from './usd-ledger.ts';

const KEY = 'sk-planted-secret-0123456789';
const DAY = '2026-01-05';
const PARAMETERS = { api: 'chat', temperature: null, maxOutputTokens: 1_000 } as const;
/** Long enough for the tokens that the server counts. */
const REQUEST = { system: 'You are Bull.', user: 'Answer in JSON. '.repeat(20), parameters: PARAMETERS };
/** 900 tokens in at 0.5 and 100 out at 1.5 USD a million. */
const ANSWERED_USD = 0.0006;

const start = llmServers();

interface Given {
  readonly secret?: string | null;
  readonly baseUrl?: string;
  readonly openTransport?: OpenTransport;
}

async function client(script: Script, given: Given = {}) {
  const server = await start(script);
  const timers = new ManualTimers();
  const spending = new MemorySpendingStore();
  const clock = new ManualClock(Date.UTC(2026, 0, 5, 12));
  const settings = llmSettings();
  const secret = given.secret === null ? undefined : (given.secret ?? KEY);
  const made = new LlmClient({
    endpoint: { baseUrl: given.baseUrl ?? server.baseUrl, secret: () => secret },
    model: 'some-model',
    ledger: new UsdLedger({ settings, spending, clock }),
    clock,
    timers,
    random: new SeededRandom(1),
    openTransport: given.openTransport ?? openOpenAiTransport,
  });
  const stop = new AbortController();
  const complete = (withinMs = 20_000, request: Parameters<LlmClient['complete']>[0] = REQUEST) =>
    made.complete(request, { withinMs, stop: stop.signal });
  return { server, timers, complete, stop, spentUsd: () => spending.spent(DAY) / 1e6 };
}

/** The worst case of the request above, which is charged when it may have been processed unseen. */
async function worst(): Promise<number> {
  const { complete, spentUsd } = await client(() => completion('{}', { usage: undefined }));
  await complete();
  return spentUsd() / 3;
}

describe('each fault ends in a typed failure after bounded retries, and is charged no more than it may have cost', () => {
  const answer = (given: object) => answering({ ...GOOD_ANSWER, ...given });
  const twoMegabytes = 'x'.repeat(2_000_000);
  // [what the server does, script, code, requests sent, charged for each: nothing, usage or the worst case, words]
  const FAULTS: readonly [string, Scripted, string, number, 'nothing' | 'usage' | 'worst', RegExp][] = [
    ['401', refusing(401, `Incorrect API key: ${KEY}`), 'unauthorised', 1, 'nothing', /set llm.apiKey/],
    ['403', refusing(403), 'unauthorised', 1, 'nothing', /set llm.apiKey to another \(403: no\)/],
    ['402', refusing(402), 'payment-required', 1, 'nothing', /add credit/],
    ['404 model', refusing(404, 'model not found'), 'model-not-found', 1, 'nothing', /check llm.model/],
    ['429', refusing(429), 'rate-limited', 3, 'nothing', /fewer requests/],
    [
      '429, an empty account',
      refusing(429, 'quota', {}, 'insufficient_quota'),
      'payment-required',
      1,
      'nothing',
      /credit/,
    ],
    ['429, retry-after 2', refusing(429, '', { 'retry-after': '2' }), 'rate-limited', 3, 'nothing', /fewer/],
    [
      '429, retry-after an hour',
      refusing(429, '', { 'retry-after': '3600' }),
      'rate-limited',
      1,
      'nothing',
      /fewer/,
    ],
    [
      '400 for ever',
      refusing(400, 'bad'),
      'request-refused',
      3,
      'nothing',
      /refused the request \(400: bad\)/,
    ],
    ['500', refusing(500), 'unavailable', 3, 'nothing', /failed \(500/],
    [
      '500 without a word',
      { kind: 'raw', status: 500, text: '' },
      'unavailable',
      3,
      'worst',
      /failed \(500\)/,
    ],
    ['503', refusing(503), 'unavailable', 3, 'nothing', /overloaded/],
    [
      'a page instead of the API',
      { kind: 'raw', headers: { 'content-type': 'text/html' }, text: '<html>' },
      'broken-answer',
      1,
      'nothing',
      /check llm.baseUrl/,
    ],
    [
      'a redirect',
      { kind: 'raw', status: 302, headers: { location: 'http://127.0.0.1:1/' }, text: '' },
      'unavailable',
      1,
      'nothing',
      /redirects/,
    ],
    [
      'a connection cut in mid-body',
      { kind: 'cut', text: '{"choices":[{"mess' },
      'unavailable',
      3,
      'worst',
      /broke before/,
    ],
    [
      'a malformed body',
      { kind: 'raw', text: '{"choices":[{"mess' },
      'broken-answer',
      3,
      'worst',
      /other than the API's JSON/,
    ],
    ['an empty body', { kind: 'raw', text: '' }, 'broken-answer', 3, 'worst', /other than/],
    ['no choices', { kind: 'json', body: { choices: [] } }, 'broken-answer', 3, 'worst', /other than/],
    ['prose', answering('I would buy.'), 'broken-answer', 3, 'usage', /not JSON: I would buy/],
    [
      '#28 a decision in brackets within prose',
      answering(`One could say [${JSON.stringify(GOOD_ANSWER)}], but I would wait.`),
      'broken-answer',
      3,
      'usage',
      /not JSON: One could say/,
    ],
    [
      'JSON that misses the schema',
      answering({ action: 'BUY' }),
      'broken-answer',
      3,
      'usage',
      /misses the schema: confidence/,
    ],
    [
      'JSON with a key too many',
      answer({ leverage: 50 }),
      'broken-answer',
      3,
      'usage',
      /misses the schema.*leverage/,
    ],
    ['confidence 7', answer({ confidence: 7 }), 'broken-answer', 3, 'usage', /confidence/],
    ['confidence "high"', answer({ confidence: 'high' }), 'broken-answer', 3, 'usage', /confidence/],
    ['action "buy maybe"', answer({ action: 'buy maybe' }), 'broken-answer', 3, 'usage', /action/],
    ['horizon 0', answer({ horizonBars: 0 }), 'broken-answer', 3, 'usage', /horizonBars/],
    [
      'a refusal',
      completion(null, { refusal: 'I cannot advise.' }),
      'refused',
      1,
      'usage',
      /I cannot advise/,
    ],
    ['a filtered answer', completion('{', { finish: 'content_filter' }), 'refused', 1, 'usage', /filtered/],
    [
      'a truncated answer',
      completion('{"action":', { finish: 'length', usage: undefined }),
      'broken-answer',
      1,
      'worst',
      /raise llm.maxOutputTokens/,
    ],
    ['an empty answer', completion(''), 'broken-answer', 3, 'usage', /empty/],
    ['no content', completion(null), 'broken-answer', 3, 'usage', /empty/],
    [
      'a 21 kB answer',
      answer({ thesis: 'x'.repeat(21_000) }),
      'broken-answer',
      1,
      'usage',
      /longer than 20 kB/,
    ],
    [
      'a 2 MB answer',
      answer({ thesis: twoMegabytes }),
      'broken-answer',
      1,
      'worst',
      /longer than any sound one/,
    ],
  ];

  it.each(FAULTS)('%s', async (_, scripted, code, requests, charged, words) => {
    const { server, complete, spentUsd } = await client(() => scripted);
    const result = await complete();
    expect(result.failure?.code).toBe(code);
    expect(result.failure?.message).toMatch(words);
    expect(result.failure?.message).not.toContain(KEY);
    expect(result.failure?.message).not.toContain('\n');
    expect(result.answer).toBeNull();
    expect(server.requests).toHaveLength(requests);
    expect(result.attempts).toBe(requests);
    const each = { nothing: 0, usage: ANSWERED_USD, worst: await worst() }[charged];
    expect(spentUsd()).toBeCloseTo(each * requests, 9);
    expect(result.costUsd).toBeCloseTo(spentUsd(), 9);
  });

  it('no answer in time: one request, ended, and charged as it may still be worked on', async () => {
    const { server, timers, complete, spentUsd } = await client(() => ({ kind: 'hang' }));
    const asking = complete();
    await server.received(1);
    await timers.pass(20_000);
    const result = await asking;
    expect(result.failure).toMatchObject({ code: 'timeout' });
    expect(result).toMatchObject({ attempts: 1, latencyMs: 20_000 });
    expect(spentUsd()).toBeCloseTo(await worst(), 9);
  });

  it('a server that drips for ever is left when the time is over, however lively it is', async () => {
    const { server, timers, complete } = await client(() => ({ kind: 'drip' }));
    const asking = complete();
    await server.received(1);
    await timers.pass(20_000);
    expect(await asking).toMatchObject({ attempts: 1, latencyMs: 20_000, failure: { code: 'timeout' } });
    await expect.poll(() => server.connections()).toBe(0);
  });

  it.each([
    [
      '429',
      { error: { message: 'upstream is rate-limited, try again shortly', code: 429 } },
      'rate-limited',
      3,
    ],
    ['402', { error: { message: 'not enough credits', code: 402 } }, 'payment-required', 1],
    [
      '502',
      { choices: [{ finish_reason: 'error', error: { code: 502, message: 'failed' } }] },
      'unavailable',
      3,
    ],
  ])('an error of %s inside a 200 is that error, and nothing is charged', async (_, body, code, requests) => {
    const { server, complete, spentUsd } = await client(() => ({ kind: 'json', body }));
    expect(await complete()).toMatchObject({ failure: { code }, costUsd: 0, uncounted: 0 });
    expect(server.requests).toHaveLength(requests);
    expect(spentUsd()).toBe(0);
  });

  it.each([0, -1, 1e12, 9e15, 1e300, '1e12', null, {}])(
    'tokens stated as %j are charged, and kept on record, at no more than can be, and no less',
    async (tokens) => {
      const usage = { prompt_tokens: tokens, completion_tokens: tokens };
      const { complete, spentUsd } = await client(() => completion(JSON.stringify(GOOD_ANSWER), { usage }));
      const result = await complete();
      expect(result.answer).toEqual(GOOD_ANSWER);
      expect(spentUsd()).toBeCloseTo(await worst(), 9);
      expect(result.usage.inputTokens).toBeLessThan(5_000);
      const isCount = Number.isInteger(tokens) && Number(tokens) > 0;
      expect(result.uncounted).toBe(isCount ? 0 : 1);
    },
  );

  it('nobody listens: three tries, and nothing charged', async () => {
    const baseUrl = await deadBaseUrl();
    const { complete, spentUsd } = await client(() => answering(), { baseUrl });
    expect(await complete()).toMatchObject({ attempts: 3, costUsd: 0, failure: { code: 'unavailable' } });
    expect(spentUsd()).toBe(0);
  });
});

describe('retries', () => {
  it('come back with an answer where the fault passes, and count what all attempts took', async () => {
    const { complete, timers } = await client((_, index) =>
      index === 0 ? refusing(503) : index === 1 ? answering('hm') : answering(),
    );
    const result = await complete();
    expect(result).toMatchObject({ attempts: 3, failure: null, answer: GOOD_ANSWER });
    expect(result.usage).toEqual({ inputTokens: 1_800, outputTokens: 200 });
    expect(result.costUsd).toBeCloseTo(2 * ANSWERED_USD, 9);
    const [first = 0, second = 0] = timers.waits;
    expect(first).toBeGreaterThanOrEqual(250);
    expect(first).toBeLessThanOrEqual(500);
    expect(second).toBeGreaterThanOrEqual(500);
    expect(second).toBeLessThanOrEqual(1_000);
    expect(result.latencyMs).toBeCloseTo(first + second, 9);
  });

  it.each([
    ['seconds', { 'retry-after': '2' }, 2_000],
    ['a date', { 'retry-after': 'Mon, 05 Jan 2026 12:00:03 GMT' }, 3_000],
    ['milliseconds', { 'retry-after-ms': '1500' }, 1_500],
  ])('wait as long as the server asks: %s', async (_, headers, waitMs) => {
    const { complete, timers } = await client((_request, index) =>
      index === 0 ? refusing(429, '', headers) : answering(),
    );
    expect((await complete()).failure).toBeNull();
    expect(timers.waits).toEqual([waitMs]);
  });

  it('are not begun when the wait would outlast the time', async () => {
    const { server, complete } = await client((_, index) =>
      refusing(429, '', { 'retry-after': index === 0 ? '2' : '6' }),
    );
    expect((await complete(8_000)).failure?.code).toBe('rate-limited');
    expect(server.requests).toHaveLength(2);
  });

  it('end when the program ends', async () => {
    const { server, complete, stop } = await client(() => ({ kind: 'hang' }));
    const asking = complete();
    await server.received(1);
    stop.abort();
    expect((await asking).failure).toMatchObject({ code: 'failed', message: /stopped/ });
    expect((await complete()).attempts).toBe(0);
  });
});

describe('a line that is dead', () => {
  it('is left alone for a minute after three failed calls, then for two, and is used again once it answers', async () => {
    let dead = true;
    const { server, timers, complete } = await client(() => (dead ? refusing(401) : answering()));
    for (let call = 0; call < 3; call += 1) await complete();
    const resting = await complete();
    expect(resting).toMatchObject({
      attempts: 0,
      failure: { code: 'unauthorised', message: /tried again in 60 s/ },
    });
    expect(server.requests).toHaveLength(3);
    await timers.pass(60_000);
    await complete();
    expect(server.requests).toHaveLength(4);
    await timers.pass(119_000);
    await complete();
    expect(server.requests).toHaveLength(4);
    dead = false;
    await timers.pass(1_000);
    expect((await complete()).failure).toBeNull();
    dead = true;
    await complete();
    await complete();
    await complete();
    expect(server.requests).toHaveLength(8);
  });

  it('is not what a broken answer makes of it', async () => {
    const { server, complete } = await client(() => answering('prose'));
    for (let call = 0; call < 5; call += 1) await complete();
    expect(server.requests).toHaveLength(15);
  });
});

describe('the way of asking', () => {
  const formatOf = (body: Readonly<Record<string, unknown>>): unknown =>
    (body['response_format'] as { type?: string } | undefined)?.type ?? 'none';

  it.each([
    ['json_object', 'no schema here', ['json_schema', 'json_object', 'json_object']],
    ['none', "'response_format' must be text", ['json_schema', 'json_object', 'none', 'none']],
  ])('falls back to %s where the server refuses more, and remembers it', async (accepted, words, asked) => {
    const { server, complete } = await client(({ body }) =>
      formatOf(body) === accepted ? answering() : refusing(400, words),
    );
    expect((await complete()).failure).toBeNull();
    expect((await complete()).failure).toBeNull();
    expect(server.requests.map(({ body }) => formatOf(body))).toEqual(asked);
  });

  it('takes the other name of the output limit where the server insists on it', async () => {
    const { server, complete } = await client(({ body }) =>
      'max_completion_tokens' in body
        ? answering()
        : refusing(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    );
    expect((await complete()).failure).toBeNull();
    const last = server.requests.at(-1)?.body;
    expect(last).toMatchObject({ max_completion_tokens: 1_000, response_format: { type: 'json_schema' } });
    expect(last).not.toHaveProperty('max_tokens');
  });

  it.each([
    [
      'OpenAI',
      'https://api.openai.com/v1',
      { newTokenLimitName: true, format: 'json_schema', more: { reasoning_effort: 'minimal' } },
    ],
    [
      'Anthropic',
      'https://api.anthropic.com/v1',
      { newTokenLimitName: false, format: 'text', more: undefined },
    ],
    [
      'DeepSeek',
      'https://api.deepseek.com/v1',
      { format: 'json_object', more: { thinking: { type: 'disabled' } } },
    ],
    ['vLLM', 'http://127.0.0.1:8000/v1', { more: { chat_template_kwargs: { enable_thinking: false } } }],
    [
      'nobody known',
      'http://127.0.0.1:4010/v1',
      { newTokenLimitName: false, format: 'json_schema', more: undefined },
    ],
  ])('begins as %s knows it, with thinking switched off where told to', async (_, baseUrl, way) => {
    const { openTransport, requests } = scriptedTransport();
    const { complete } = await client(() => answering(), { baseUrl, openTransport });
    await complete(20_000, { ...REQUEST, parameters: { ...PARAMETERS, thinking: 'off' } });
    await complete();
    expect({ more: undefined, ...requests[0] }).toMatchObject(way);
    expect(requests[1]).not.toHaveProperty('more');
  });

  it('lets a model think that does not know how not to', async () => {
    const asked: unknown[] = [];
    const { complete } = await client(() => answering(), {
      baseUrl: 'https://api.openai.com/v1',
      openTransport: () => async (request) => {
        asked.push(request.more ?? null);
        if (request.more === undefined) {
          return { text: JSON.stringify(GOOD_ANSWER), end: 'complete', refusal: null, usage: undefined };
        }
        const body = JSON.stringify({ error: { message: "Unrecognized argument: 'reasoning_effort'" } });
        throw new ServerRefusal({ status: 400, headers: new Headers(), body });
      },
    });
    const request = { ...REQUEST, parameters: { ...PARAMETERS, thinking: 'off' as const } };
    expect((await complete(20_000, request)).failure).toBeNull();
    expect((await complete(20_000, request)).failure).toBeNull();
    expect(asked).toEqual([{ reasoning_effort: 'minimal' }, null, null]);
  });

  it('sends the schema in strict mode, the temperature only when one is set, and asks for nothing else', async () => {
    const { server, complete } = await client(() => answering());
    await complete();
    await complete(20_000, { ...REQUEST, parameters: { ...PARAMETERS, temperature: 0.3 } });
    const [first, second] = server.requests.map(({ body }) => body);
    expect(Object.keys(first ?? {}).sort()).toEqual(['max_tokens', 'messages', 'model', 'response_format']);
    expect(first).toMatchObject({ response_format: { json_schema: { strict: true, name: 'case' } } });
    expect(second).toMatchObject({ temperature: 0.3 });
  });

  it.each([
    ['a code fence', `\`\`\`json\n${JSON.stringify(GOOD_ANSWER)}\n\`\`\``],
    ['thoughts before it', `<think>let me see {</think>\n${JSON.stringify(GOOD_ANSWER)}`],
  ])('reads an answer with %s around it', async (_, text) => {
    const { complete } = await client(() => answering(text));
    expect((await complete()).answer).toEqual(GOOD_ANSWER);
  });

  it('speaks the Responses API where told to', async () => {
    const part = { type: 'output_text', text: JSON.stringify(GOOD_ANSWER), annotations: [] };
    const output = [
      { type: 'reasoning', summary: [] },
      { type: 'message', content: [part] },
    ];
    const usage = { input_tokens: 900, output_tokens: 100 };
    const { server, complete, spentUsd } = await client(() => ({
      kind: 'json',
      body: { object: 'response', status: 'completed', output, usage },
    }));
    const result = await complete(20_000, { ...REQUEST, parameters: { ...PARAMETERS, api: 'responses' } });
    expect(result.answer).toEqual(GOOD_ANSWER);
    expect(spentUsd()).toBeCloseTo(ANSWERED_USD, 9);
    expect(server.requests[0]).toMatchObject({
      path: '/v1/responses',
      body: { store: false, max_output_tokens: 1_000, text: { format: { type: 'json_schema' } } },
    });
  });

  it.each([
    [
      'a refusal',
      { status: 'completed', output: [{ content: [{ type: 'refusal', refusal: 'no' }] }] },
      'refused',
    ],
    [
      'a truncated one',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [] },
      'broken-answer',
    ],
    [
      'a filtered one',
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] },
      'refused',
    ],
    ['a failed one', { status: 'failed', error: { message: 'x' }, output: [] }, 'unavailable'],
  ])('reads %s of the Responses API', async (_, body, code) => {
    const { complete } = await client(() => ({ kind: 'json', body }));
    const result = await complete(20_000, { ...REQUEST, parameters: { ...PARAMETERS, api: 'responses' } });
    expect(result.failure?.code).toBe(code);
  });
});

describe('the key', () => {
  it('is sent in the Authorization header and nowhere else, with nothing else about the sender', async () => {
    const { server, complete } = await client(() => answering());
    await complete();
    const [request] = server.requests;
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(request?.wire.split(KEY)).toHaveLength(2);
    const names = Object.keys(request?.headers ?? {});
    expect(names.filter((name) => /stainless|openai|organization|project/i.test(name))).toEqual([]);
  });

  it('is not needed by a local server, which is then sent none', async () => {
    const { server, complete } = await client(() => answering(), { secret: null });
    expect((await complete()).failure).toBeNull();
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is missing: a server elsewhere is not even asked', async () => {
    const opened: string[] = [];
    const { complete } = await client(() => answering(), {
      secret: null,
      baseUrl: 'https://api.openai.com/v1',
      openTransport: ({ baseUrl }) => {
        opened.push(baseUrl);
        throw new Error('asked');
      },
    });
    const failure = { code: 'unauthorised', message: expect.stringMatching(/set llm.apiKey/) };
    expect(await complete()).toMatchObject({ attempts: 0, failure });
    expect(opened).toEqual([]);
  });

  it.each(['sk-with\nnewline', 'sk-with space', 'sk-ünïcode', ''])(
    '%j fits in no header: it is refused, and not repeated',
    async (secret) => {
      const { server, complete } = await client(() => answering(), { secret });
      const { failure } = await complete();
      expect(failure).toMatchObject({ code: 'unauthorised', message: /set llm.apiKey again/ });
      if (secret !== '') expect(failure?.message).not.toContain(secret);
      expect(server.requests).toEqual([]);
    },
  );

  it('a transport that cannot even be opened is a failure like any other', async () => {
    const { complete } = await client(() => answering(), {
      openTransport: () => {
        throw new Error('no such package');
      },
    });
    expect(await complete()).toMatchObject({ answer: null, failure: { code: 'unavailable' } });
  });
});
