import { afterEach, describe, expect, it } from 'vitest';
import type { PositionBrief } from '../domain/index.ts';
import { MemoryLlmCallStore, MemorySpendingStore } from '../storage/index.ts';
import { openAgents } from './agents.ts';
import { PromptLibrary } from './prompt-library.ts';
import { briefOf } from './testing/briefs.ts';
import {
  answering,
  deadBaseUrl,
  GOOD_ANSWER,
  llmServers,
  refusing,
  type Script,
} from './testing/llm-server.ts';
import { agentOf, openTestAgents, scriptedTransport, type TestAgentsOptions } from './testing/test-agents.ts';
import type { OpenTransport } from './transport.ts';

const start = llmServers();
/** Hosts that were asked for although nobody may be: told after the test, because whoever asks survives a failure. */
let touched: string[] = [];
const noNetwork: OpenTransport = ({ baseUrl }) => {
  touched.push(baseUrl);
  throw new Error('the network was touched');
};
afterEach(() => {
  const hosts = touched;
  touched = [];
  expect(hosts).toEqual([]);
});

function fresh(given: Partial<TestAgentsOptions> = {}): TestAgentsOptions {
  return { calls: new MemoryLlmCallStore(), spending: new MemorySpendingStore(), ...given };
}

describe('who speaks', () => {
  it('nobody or the rules answer at once, without language models', () => {
    const rules = openAgents({ mode: 'offline' });
    expect(rules.debate(briefOf(), undefined)).toMatchObject([
      { voter: 'bull', source: 'rules', action: 'BUY' },
      { voter: 'bear', source: 'rules', action: 'HOLD' },
    ]);
    expect(rules).toMatchObject({ analysts: 'rules', desk: null });
    const off = openAgents({ mode: 'off' });
    expect(off.debate(briefOf(), undefined)).toMatchObject([
      { voter: 'bull', code: 'off' },
      { voter: 'bear', code: 'off' },
    ]);
  });
});

describe('a debate over a real connection', () => {
  it('completes two rebuttal rounds; every call is on record with tokens, cost, latency and key', async () => {
    const server = await start(() => answering());
    const options = fresh({ settings: { baseUrl: server.baseUrl, rebuttalRounds: 2 } });
    const { votes, calls } = await openTestAgents(options).desk.debate(briefOf(), undefined);
    expect(votes).toMatchObject([
      { kind: 'vote', source: 'llm' },
      { kind: 'vote', source: 'llm' },
    ]);
    expect(server.requests).toHaveLength(6);
    expect(calls).toHaveLength(6);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(6);
    for (const call of calls) {
      expect(call).toMatchObject({
        key: expect.stringMatching(/^[0-9a-f]{64}$/),
        endpoint: new URL(server.baseUrl).host,
        inputTokens: 900,
        outputTokens: 100,
        costUsd: 0.0006,
        attempts: 1,
        source: 'network',
        status: 'answered',
        answer: JSON.stringify(GOOD_ANSWER),
        time: Date.UTC(2026, 0, 5, 12),
      });
    }
  });

  it('gives each agent its own model, server and key, and the shared key to nobody else', async () => {
    const [shared, own] = [await start(() => answering()), await start(() => answering())];
    const keys: Record<string, string> = { 'llm.apiKey': 'shared-key' };
    const settings = {
      baseUrl: shared.baseUrl,
      rebuttalRounds: 0,
      agents: { bear: { baseUrl: own.baseUrl, model: 'another' } },
    };
    const debate = () =>
      openTestAgents(fresh({ settings, secret: (name) => keys[name] })).debate(briefOf(), undefined);
    await debate();
    expect(shared.requests[0]).toMatchObject({ body: { model: 'some-model' } });
    expect(shared.requests[0]?.headers.authorization).toBe('Bearer shared-key');
    expect(own.requests[0]).toMatchObject({ body: { model: 'another' } });
    expect(own.requests[0]?.wire).not.toContain('shared-key');
    keys['llm.bear.apiKey'] = 'own-key';
    await debate();
    expect(own.requests[1]?.headers.authorization).toBe('Bearer own-key');
  });

  it("sends the brief's fields and nothing else: no balance, no order, no secret outside its header", async () => {
    const server = await start(() => answering());
    const planted = {
      balance: '31415.926535',
      equity: 27_182.818_28,
      orderId: 'tb-demo-order-7777',
      decisionId: 'decision-8888',
      stopPrice: '59999.99',
      secret: 'exchange-secret-9999',
    };
    // What an engine might carelessly hang onto a brief and its parts goes nowhere.
    const entry = { thesis: 'trend', invalidation: 'turn', horizonBars: 24, ...planted };
    const position: PositionBrief = { direction: 'long', openReturn: 0.01, barsHeld: 3, entry, ...planted };
    const secrets: Record<string, string> = {
      'llm.apiKey': 'sk-llm-1234567890',
      'exchange.binance.secret': 'venue',
    };
    const asked: string[] = [];
    const agents = openTestAgents(
      fresh({
        settings: { baseUrl: server.baseUrl, rebuttalRounds: 2 },
        secret: (name) => {
          asked.push(name);
          return secrets[name];
        },
      }),
    );
    const brief = { ...briefOf({ position }), ...planted };
    await agents.desk.debate(brief, {
      kind: 'abstention',
      voter: 'ensemble',
      source: 'models',
      code: 'failed',
      message: 'm',
      ...planted,
    });
    expect(server.requests).toHaveLength(6);
    for (const { wire, headers } of server.requests) {
      for (const value of Object.values(planted)) expect(wire).not.toContain(String(value));
      expect(wire.replace('Bearer sk-llm-1234567890', '')).not.toContain('sk-llm');
      expect(headers.authorization).toBe('Bearer sk-llm-1234567890');
      expect(wire).not.toContain('venue');
    }
    expect(new Set(asked)).toEqual(new Set(['llm.bull.apiKey', 'llm.bear.apiKey', 'llm.apiKey']));
  });
});

describe('replay', () => {
  const settings = { rebuttalRounds: 2 };
  const bars = [0, 1, 2].map((hour) => ({ barOpenTime: Date.UTC(2026, 0, 5, hour), close: 100 + hour }));

  /** The votes and calls of a run over some bars. */
  async function run(options: TestAgentsOptions) {
    const agents = openTestAgents(options);
    const results = [];
    for (const bar of bars) results.push(await agents.desk.debate(briefOf(bar), undefined));
    return results;
  }

  it('of a recorded run gives the same votes twice, touches no network and costs nothing', async () => {
    const calls = new MemoryLlmCallStore();
    const { openTransport, requests } = scriptedTransport((request, index) =>
      // Every kind of outcome: opinions, a broken answer, a model that is down.
      index === 5
        ? { ...GOOD_ANSWER, confidence: 7 }
        : { ...GOOD_ANSWER, action: agentOf(request) === 'bull' ? 'BUY' : 'SELL' },
    );
    const recorded = await run(fresh({ calls, settings, openTransport, mode: 'record' }));
    expect(requests.length).toBeGreaterThan(12);
    const spending = new MemorySpendingStore();
    const replay = () => run({ calls, spending, settings, openTransport: noNetwork, mode: 'replay' });
    const [first, second] = [await replay(), await replay()];
    expect(first.map(({ votes }) => votes)).toEqual(recorded.map(({ votes }) => votes));
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(first.every(({ costUsd }) => costUsd === 0)).toBe(true);
    expect(first.flatMap((result) => result.calls).every(({ source }) => source === 'store')).toBe(true);
    expect(spending.spent('2026-01-05')).toBe(0);
  });

  it('repeats what failed as it failed', async () => {
    const calls = new MemoryLlmCallStore();
    const server = await start(() => refusing(402));
    const baseUrl = server.baseUrl;
    const recorded = await run(fresh({ calls, settings: { baseUrl }, mode: 'record' }));
    const replayed = await run(
      fresh({ calls, settings: { baseUrl }, openTransport: noNetwork, mode: 'replay' }),
    );
    expect(replayed[0]?.standIns).toMatchObject([{ code: 'payment-required' }, { code: 'payment-required' }]);
    expect(replayed.map(({ votes }) => votes)).toEqual(recorded.map(({ votes }) => votes));
  });

  it.each([
    ['a word in a prompt', { prompts: changedPrompt('bull') }, 'bull'],
    ['the model', { settings: { ...settings, agents: { bull: { model: 'another' } } } }, 'bull'],
    ['the temperature', { settings: { ...settings, temperature: 0.5 } }, 'both'],
  ] as const)('misses when %s has changed: it abstains, and no rules stand in', async (_, changed, who) => {
    const calls = new MemoryLlmCallStore();
    await run(fresh({ calls, settings, openTransport: scriptedTransport().openTransport, mode: 'record' }));
    const [first] = await run(
      fresh({ calls, settings, openTransport: noNetwork, mode: 'replay', ...changed }),
    );
    const miss = { kind: 'abstention', source: 'llm', code: 'replay-miss' };
    expect(first?.votes[0]).toMatchObject({ ...miss, voter: 'bull' });
    expect(first?.votes[1]).toMatchObject(who === 'both' ? { ...miss, voter: 'bear' } : { kind: 'vote' });
    expect(first?.standIns).toEqual([]);
  });

  it('a rebuttal prompt that has changed leaves the openings as they were', async () => {
    const calls = new MemoryLlmCallStore();
    await run(fresh({ calls, settings, openTransport: scriptedTransport().openTransport, mode: 'record' }));
    const prompts = changedPrompt('rebuttal');
    const [first] = await run(fresh({ calls, settings, prompts, openTransport: noNetwork, mode: 'replay' }));
    expect(first?.votes).toMatchObject([{ kind: 'vote' }, { kind: 'vote' }]);
    expect(first?.calls).toHaveLength(2);
  });

  it.each(['record', 'live'] as const)(
    '%s pays for no question twice, and asks again what failed',
    async (mode) => {
      const calls = new MemoryLlmCallStore();
      const { openTransport, requests } = scriptedTransport((_, index) =>
        index < 3 ? 'prose' : GOOD_ANSWER,
      );
      const options = () => fresh({ calls, settings: { rebuttalRounds: 0 }, openTransport, mode });
      await run(options());
      const asked = requests.length;
      const again = await run(options());
      expect(requests.length).toBeLessThanOrEqual(asked + 1);
      expect(again.every(({ votes }) => votes.every(({ kind }) => kind === 'vote'))).toBe(true);
      const later = requests.length;
      await run(options());
      expect(requests).toHaveLength(later);
    },
  );

  function changedPrompt(changed: string): Pick<PromptLibrary, 'read'> {
    const library = new PromptLibrary({ own: null });
    return {
      read: (name) => {
        const prompt = library.read(name);
        return name === changed ? { ...prompt, text: prompt.text.replace('figures', 'numbers') } : prompt;
      },
    };
  }
});

describe('a rehearsal', () => {
  it('asks a past question with another prompt, once, and is no part of the decision', async () => {
    const calls = new MemoryLlmCallStore();
    const { openTransport, requests } = scriptedTransport(({ system }) =>
      system === 'Be bold.' ? { ...GOOD_ANSWER, action: 'SELL' } : GOOD_ANSWER,
    );
    const agents = openTestAgents(fresh({ calls, openTransport, settings: { rebuttalRounds: 0 } }));
    const [call] = (await agents.desk.debate(briefOf(), undefined)).calls;
    if (call === undefined) throw new Error('no call');
    const first = await agents.rehearse(call, 'Be bold.');
    expect(first).toMatchObject({
      before: { action: 'BUY' },
      after: { action: 'SELL' },
      failure: null,
      costUsd: 0.0006,
    });
    expect(requests.at(-1)).toMatchObject({ system: 'Be bold.', user: call.user });
    expect(await agents.rehearse(call, 'Be bold.')).toMatchObject({ after: { action: 'SELL' }, costUsd: 0 });
    expect(requests).toHaveLength(3);
    // Bull's and Bear's of the debate, and the rehearsal.
    expect(calls.list({ limit: 9 })).toHaveLength(3);
    expect(await openAgents({ mode: 'offline' }).rehearse(call, 'x')).toBeNull();
  });
});

describe('the connection test', () => {
  const test = async (script: Script, given: Record<string, unknown> = {}) => {
    const server = await start(script);
    const agents = openTestAgents(fresh({ settings: { baseUrl: server.baseUrl, ...given } }));
    return { server, result: await agents.testConnection('bull'), agents };
  };

  it('makes one call and says in a line what works', async () => {
    const { server, result, agents } = await test(() => answering());
    expect(result).toMatchObject({ ok: true, agent: 'bull', model: 'some-model', failure: null });
    expect(result?.line).toMatch(/^bull: some-model at 127\.0\.0\.1:\d+ answered in \d+ ms for 0\.0006 USD$/);
    expect(server.requests).toHaveLength(1);
    expect(agents.spentTodayUsd()).toBeCloseTo(0.0006, 9);
  });

  it.each([
    ['a wrong key', refusing(401), /refused the key: set llm.apiKey/],
    ['a wrong model', refusing(404, 'no such model'), /knows no model some-model: check llm.model/],
    [
      'a page that is no API',
      { kind: 'raw', headers: { 'content-type': 'text/html' }, text: '<p>' },
      /check llm.baseUrl/,
    ],
    ['a model that cannot keep to the format', answering('Hello!'), /not JSON: Hello!/],
  ] as const)('finds %s', async (_, scripted, words) => {
    const { result } = await test(() => scripted);
    expect(result?.ok).toBe(false);
    expect(result?.line).toMatch(words);
  });

  it('finds a server that is gone, and that no model is chosen', async () => {
    const gone = openTestAgents(fresh({ settings: { baseUrl: await deadBaseUrl() } }));
    expect((await gone.testConnection('bear'))?.line).toMatch(/^bear: .*cannot be reached \(ECONNREFUSED\)/);
    const { result, server } = await test(() => answering(), { model: null });
    expect(result?.line).toBe('bull: no language model is chosen: set llm.model');
    expect(server.requests).toEqual([]);
    expect(await openAgents({ mode: 'offline' }).testConnection('bull')).toBeNull();
  });
});
