import { describe, expect, it } from 'vitest';
import type { Brief, Vote } from '../domain/index.ts';
import { MemoryLlmCallStore, MemorySpendingStore, MemoryStateStore } from '../storage/index.ts';
import { briefOf } from './testing/briefs.ts';
import { GOOD_ANSWER } from './testing/llm-server.ts';
import { ManualTimers } from './testing/manual-timers.ts';
import {
  agentOf,
  dataIn,
  openTestAgents,
  scriptedTransport,
  type TestAgentsOptions,
} from './testing/test-agents.ts';
import { ServerRefusal, type WireRequest } from './transport.ts';

const HOUR = 3_600_000;

function fail(status: number): never {
  throw new ServerRefusal({ status, headers: new Headers(), body: '{"error":{"message":"no"}}' });
}

function deskOf(
  answer?: (request: WireRequest, index: number) => unknown,
  given: Partial<TestAgentsOptions> = {},
) {
  const calls = new MemoryLlmCallStore();
  const { openTransport, requests } = scriptedTransport(answer);
  const spending = new MemorySpendingStore();
  const agents = openTestAgents({ calls, spending, openTransport, ...given });
  return { agents, desk: agents.desk, calls, requests };
}

/** Bull buys and Bear sells, each a little less sure every round. */
function arguing(request: WireRequest) {
  const round = 'otherCase' in dataIn(request.user) ? 1 : 0;
  const bull = agentOf(request) === 'bull';
  return {
    ...GOOD_ANSWER,
    action: bull ? 'BUY' : 'SELL',
    confidence: round === 0 ? 0.8 : 0.7,
    thesis: `round ${round}`,
  };
}

describe('a debate', () => {
  it("opens on both sides, then each sees the other's case; the last opinions are the votes", async () => {
    const { desk, requests, calls } = deskOf(arguing);
    const { votes, calls: made, costUsd, standIns } = await desk.debate(briefOf(), undefined);
    expect(votes).toMatchObject([
      { kind: 'vote', voter: 'bull', source: 'llm', action: 'BUY', confidence: 0.7, thesis: 'round 1' },
      { kind: 'vote', voter: 'bear', source: 'llm', action: 'SELL', confidence: 0.7, thesis: 'round 1' },
    ]);
    expect(made.map(({ agent, round }) => [agent, round])).toEqual([
      ['bull', 0],
      ['bear', 0],
      ['bull', 1],
      ['bear', 1],
    ]);
    expect(votes.map((vote) => vote.calls)).toEqual([
      [made[0]?.key, made[2]?.key],
      [made[1]?.key, made[3]?.key],
    ]);
    expect(costUsd).toBe(0.0024);
    expect(desk.costUsd).toBe(0.0024);
    expect(standIns).toEqual([]);
    expect(made.map(({ key }) => calls.get(key))).toEqual(made);
    const rebuttal = requests[3];
    expect(rebuttal?.system).toBe(requests[1]?.system);
    expect(rebuttal?.user).toMatch(/<\/data>\nThe debate goes on/);
    expect(rebuttal?.user.startsWith(requests[1]?.user ?? 'none')).toBe(true);
    expect(dataIn(rebuttal?.user ?? '')).toMatchObject({
      yourCase: { action: 'SELL', thesis: 'round 0' },
      otherCase: { action: 'BUY', thesis: 'round 0' },
    });
  });

  it.each([
    [0, 2],
    [1, 4],
    [2, 6],
  ])('with %i rebuttal rounds makes %i calls', async (rebuttalRounds, count) => {
    const { desk, requests } = deskOf(arguing, { settings: { rebuttalRounds } });
    await desk.debate(briefOf(), undefined);
    expect(requests).toHaveLength(count);
  });

  it("shows each the same figures, the models' vote, and its own record", async () => {
    const { desk, requests } = deskOf(arguing);
    const models: Vote = {
      kind: 'abstention',
      voter: 'ensemble',
      source: 'models',
      code: 'model-expired',
      message: '',
    };
    await desk.debate(briefOf(), models);
    const [bull, bear] = requests.map(({ user }) => dataIn(user));
    expect(bull).toEqual(bear);
    expect(bull).toMatchObject({ models: { abstains: 'model-expired' }, pastCalls: { n: 0 } });
  });

  it('keeps the last opinion of one that fails to answer a rebuttal', async () => {
    const { desk } = deskOf((request) =>
      agentOf(request) === 'bear' && 'otherCase' in dataIn(request.user) ? 'prose' : arguing(request),
    );
    const { votes, calls } = await desk.debate(briefOf(), undefined);
    expect(votes).toMatchObject([{ thesis: 'round 1' }, { kind: 'vote', voter: 'bear', thesis: 'round 0' }]);
    expect(calls.at(-1)).toMatchObject({
      status: 'failed',
      answer: 'prose',
      failure: { code: 'broken-answer' },
    });
  });

  it('without two cases has no rebuttal; one without an opinion abstains', async () => {
    const { desk, requests } = deskOf((request) =>
      agentOf(request) === 'bull' ? 'prose' : arguing(request),
    );
    const { votes } = await desk.debate(briefOf(), undefined);
    expect(votes).toMatchObject([
      { kind: 'abstention', voter: 'bull', source: 'llm', code: 'broken-answer' },
      { kind: 'vote', voter: 'bear', thesis: 'round 0' },
    ]);
    expect(requests).toHaveLength(4);
  });

  it('costs nothing while there is too little history', async () => {
    const { desk, requests } = deskOf(arguing);
    const { votes } = await desk.debate(briefOf({ ready: false }), undefined);
    expect(votes).toMatchObject([{ code: 'warming-up' }, { code: 'warming-up' }]);
    expect(requests).toEqual([]);
  });

  it('reads the brief when the bar closes: what its features become meanwhile changes nothing', async () => {
    let value = 1;
    const { desk, requests } = deskOf((request) => {
      value = 9;
      return arguing(request);
    });
    await desk.debate(briefOf({ feature: () => value }), undefined);
    for (const { user } of requests)
      expect(dataIn(user)).toMatchObject({ features: { momentum: { rsi_2: 1 } } });
  });

  it('runs so many at the same time, and the others after them', async () => {
    let atOnce = 0;
    let most = 0;
    const { desk, requests } = deskOf(
      async (request) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setImmediate(resolve));
        atOnce -= 1;
        return arguing(request);
      },
      { settings: { maxConcurrentDecisions: 3 } },
    );
    const symbols = Array.from({ length: 12 }, (_, index) => `S${index}/USDT`);
    const results = await Promise.all(symbols.map((symbol) => desk.debate(briefOf({ symbol }), undefined)));
    expect(results.every(({ votes }) => votes.every(({ kind }) => kind === 'vote'))).toBe(true);
    expect(most).toBe(6);
    expect(requests).toHaveLength(48);
  });

  it('ends with its time: agents that have spoken keep their opinion', async () => {
    const timers = new ManualTimers();
    const { desk, requests } = deskOf(
      async (request) => {
        if ('otherCase' in dataIn(request.user)) return new Promise(() => undefined);
        await timers.pass(2_000);
        return arguing(request);
      },
      { timers, settings: { debateTimeoutMs: 10_000 } },
    );
    const debate = desk.debate(briefOf(), undefined);
    await expect.poll(() => requests.length).toBe(4);
    await timers.pass(8_000);
    const { votes, calls } = await debate;
    expect(votes).toMatchObject([{ thesis: 'round 0' }, { thesis: 'round 0' }]);
    expect(calls.slice(2)).toMatchObject([
      { failure: { code: 'timeout' } },
      { failure: { code: 'timeout' } },
    ]);
    expect(timers.monotonicMs()).toBe(10_000);
  });

  it('that hangs is ended by closing', async () => {
    const { agents, requests } = deskOf(() => new Promise(() => undefined));
    const debate = agents.debate(briefOf(), undefined);
    await expect.poll(() => requests.length).toBe(2);
    agents.close();
    expect(await debate).toMatchObject([{ code: 'failed' }, { code: 'failed' }]);
  });

  it('never throws: a store, a prompt or a memory that fails is an abstention', async () => {
    const broken = () => {
      throw new Error('disk full');
    };
    const failing: Partial<TestAgentsOptions>[] = [
      { calls: Object.assign(new MemoryLlmCallStore(), { get: broken }) },
      { spending: Object.assign(new MemorySpendingStore(), { reserve: broken }) },
      { prompts: { read: broken } },
      { state: Object.assign(new MemoryStateStore(), { write: broken }) },
    ];
    for (const given of failing) {
      const { votes } = await deskOf(arguing, given).desk.debate(briefOf(), undefined);
      expect(votes).toMatchObject([
        { kind: 'abstention', code: 'failed', message: /disk full/ },
        { kind: 'abstention', code: 'failed' },
      ]);
    }
    const unkept = Object.assign(new MemoryLlmCallStore(), { put: broken });
    const { votes } = await deskOf(arguing, { calls: unkept }).desk.debate(briefOf(), undefined);
    expect(votes).toMatchObject([{ kind: 'vote' }, { kind: 'vote' }]);
  });

  it('feeds back how earlier calls turned out, as numbers', async () => {
    const { desk, requests } = deskOf((request) => ({ ...arguing(request), horizonBars: 1 }), {
      settings: { rebuttalRounds: 0 },
    });
    const start = briefOf().barOpenTime;
    for (let hour = 0; hour < 4; hour += 1) {
      await desk.debate(briefOf({ barOpenTime: start + hour * HOUR, close: 100 * 1.1 ** hour }), undefined);
    }
    const [bull, bear] = requests.slice(-2).map(({ user }) => dataIn(user)['pastCalls']);
    expect(bull).toMatchObject({ n: 3, hitRate: 1, brier: 0.04 });
    expect(bear).toMatchObject({ n: 3, hitRate: 0, brier: 0.64 });
  });

  it('stamps calls on bars that the model may have read about', async () => {
    const { desk } = deskOf(arguing, { settings: { rebuttalRounds: 0 } });
    const stampAt = async (barOpenTime: number) =>
      (await desk.debate(briefOf({ barOpenTime }), undefined)).calls[0]?.contaminated;
    expect(await stampAt(Date.UTC(2025, 4, 1))).toBe(true);
    expect(await stampAt(Date.UTC(2025, 5, 1, 23))).toBe(true);
    expect(await stampAt(Date.UTC(2025, 5, 2))).toBe(false);
    const unknown = deskOf(arguing, { settings: { rebuttalRounds: 0, prices: {} } });
    expect((await unknown.desk.debate(briefOf(), undefined)).calls[0]).toMatchObject({
      knowledgeCutoff: null,
      contaminated: null,
    });
  });
});

describe('language models that are down', () => {
  it.each([
    [
      'one of them',
      (request: WireRequest) => (agentOf(request) === 'bull' ? fail(401) : arguing(request)),
      1,
    ],
    ['both', () => fail(401), 2],
  ])('%s: the rules stand in, shown as rules and saying why', async (_, answer, count) => {
    const { desk } = deskOf(answer);
    const { votes, standIns } = await desk.debate(briefOf(), undefined);
    expect(standIns).toHaveLength(count);
    expect(standIns[0]).toMatchObject({ voter: 'bull', code: 'unauthorised' });
    const [bull, bear] = votes;
    if (bull.kind !== 'vote' || bear.kind !== 'vote') throw new Error('abstained');
    expect(bull).toMatchObject({ source: 'rules', action: 'BUY' });
    expect(bull.thesis).toMatch(/^Rules in place of the language model \(unauthorised: /);
    expect(bull.thesis).toMatch(/In a trending market/);
    expect(bull.thesis.includes('both language models are down')).toBe(count === 2);
    expect(bear.source).toBe(count === 2 ? 'rules' : 'llm');
  });

  it('abstain where the trader wants no rules in their place', async () => {
    const { desk } = deskOf(() => fail(401), { settings: { whenDown: 'abstain' } });
    const { votes, standIns } = await desk.debate(briefOf(), undefined);
    expect(standIns).toEqual([]);
    expect(votes).toMatchObject([
      {
        kind: 'abstention',
        source: 'llm',
        code: 'unauthorised',
        message: /^both language models are down; /,
      },
      { kind: 'abstention', source: 'llm', code: 'unauthorised' },
    ]);
  });

  it('without a model chosen are down as well, and nothing is asked', async () => {
    const { desk, requests } = deskOf(arguing, { settings: { model: null } });
    const { standIns, calls } = await desk.debate(briefOf(), undefined);
    expect(standIns).toMatchObject([
      { code: 'not-configured', message: /set llm.model/ },
      { code: 'not-configured' },
    ]);
    expect([requests, calls]).toEqual([[], []]);
  });

  it('for 60 bars cost the loop no time: after three failures the line rests', async () => {
    const timers = new ManualTimers();
    const { desk, requests } = deskOf(() => fail(503), { timers, settings: { rebuttalRounds: 0 } });
    for (let minute = 0; minute < 60; minute += 1) {
      const before = timers.monotonicMs();
      const brief = briefOf({ timeframe: '1m', barOpenTime: minute * 60_000 });
      const { votes } = await desk.debate(brief, undefined);
      expect(votes.every((vote) => vote.kind === 'vote' && vote.source === 'rules')).toBe(true);
      const took = timers.monotonicMs() - before;
      expect(took).toBeLessThan(5_000);
      await timers.pass(60_000 - took);
    }
    expect(requests.length).toBeLessThan(60);
  });

  it.each([
    ['a broken answer', 'prose', 'broken-answer'],
    ['an answer out of range', { ...GOOD_ANSWER, confidence: 7 }, 'broken-answer'],
  ])('is not what %s means: no rules then', async (_, answer, code) => {
    const { votes, standIns } = await deskOf(() => answer).desk.debate(briefOf(), undefined);
    expect(standIns).toEqual([]);
    expect(votes).toMatchObject([
      { kind: 'abstention', source: 'llm', code },
      { kind: 'abstention', code },
    ]);
  });
});

describe('a debate that stands', () => {
  const calm = (given: Partial<Brief> = {}) =>
    briefOf({ feature: (name) => ({ rv_24: 0.01, dist_ema_50_atr: 3.01 })[name] ?? Number.NaN, ...given });
  const start = calm().barOpenTime;

  it('is not held again while nothing moves: its votes say since when, and how far the price has moved', async () => {
    const state = new MemoryStateStore();
    const { desk, agents, requests } = deskOf(arguing, { state, settings: { rebuttalRounds: 0 } });
    const first = await desk.debate(calm(), undefined);
    const second = await desk.debate(
      calm({ barOpenTime: start + HOUR, close: calm().close * 1.005 }),
      undefined,
    );
    expect(requests).toHaveLength(2);
    expect(second).toMatchObject({ calls: [], costUsd: 0, standIns: [] });
    const [bull, bear] = second.votes;
    if (bull.kind !== 'vote' || bear.kind !== 'vote') throw new Error('abstained');
    expect(bull.thesis).toBe(
      'Stands since the debate on the bar of 2026-01-05 00:00 UTC: the price moved 0.5 of 2 sigmas, 1 of 24 bars passed, regime and position as they were. round 0',
    );
    expect(first.votes[0]).toMatchObject({
      horizonBars: bull.horizonBars + 1,
      action: bull.action,
      calls: bull.calls,
    });
    expect(agents.costs()).toMatchObject({
      month: '2026-01',
      debated: 1,
      stood: 1,
      perDecisionUsd: 0.0012,
      savedUsd: 0.0012,
      spentUsd: 0.0012,
      tokens: { input: 900, output: 100 },
      rule: /2 standard deviations of a bar, or 24 bars/,
    });
    // The move counts from the debate, not from the bar before.
    await desk.debate(calm({ barOpenTime: start + 2 * HOUR, close: calm().close * 1.03 }), undefined);
    expect(requests).toHaveLength(4);
    // The figures of the month outlive the process; the debate does not, and is held anew.
    const again = deskOf(arguing, { state, settings: { rebuttalRounds: 0 } });
    expect(again.agents.costs()).toMatchObject({ debated: 2, stood: 1 });
    await again.desk.debate(calm({ barOpenTime: start + 3 * HOUR }), undefined);
    expect(again.requests).toHaveLength(2);
  });

  it('is of its own symbol, and none where a model was down', async () => {
    const { desk, requests } = deskOf((request, index) => (index === 0 ? fail(401) : arguing(request)), {
      settings: { rebuttalRounds: 0 },
    });
    await desk.debate(calm(), undefined);
    await desk.debate(calm({ barOpenTime: start + HOUR }), undefined);
    await desk.debate(calm({ barOpenTime: start + HOUR, symbol: 'ETH/USDT' }), undefined);
    expect(requests).toHaveLength(6);
    await desk.debate(calm({ barOpenTime: start + 2 * HOUR, symbol: 'ETH/USDT' }), undefined);
    expect(requests).toHaveLength(6);
  });
});

describe('fallback models', () => {
  const settings = {
    rebuttalRounds: 0,
    fallbacks: [{ model: 'second' }, { model: 'third', baseUrl: 'http://127.0.0.1:4011/v1' }],
  };
  const prices = Object.fromEntries(
    ['some-model', 'second', 'third'].map((model) => [model, { inputPerMTok: 0.5, outputPerMTok: 1.5 }]),
  );

  it('are asked in their order when the one before cannot answer; each call is on record', async () => {
    const { desk, requests } = deskOf(
      (request) => (request.model === 'third' ? arguing(request) : fail(402)),
      {
        settings: { ...settings, prices },
      },
    );
    const { votes, calls, standIns } = await desk.debate(briefOf(), undefined);
    expect(votes).toMatchObject([{ source: 'llm' }, { source: 'llm' }]);
    expect(standIns).toEqual([]);
    expect(requests.filter((request) => agentOf(request) === 'bull').map(({ model }) => model)).toEqual([
      'some-model',
      'second',
      'third',
    ]);
    const bulls = calls.filter(({ agent }) => agent === 'bull');
    expect(bulls.map(({ model, status, endpoint }) => [model, status, endpoint])).toEqual([
      ['some-model', 'failed', '127.0.0.1:4010'],
      ['second', 'failed', '127.0.0.1:4010'],
      ['third', 'answered', '127.0.0.1:4011'],
    ]);
    expect(votes[0].calls).toEqual(bulls.map(({ key }) => key));
  });

  it('are not asked where the first answers, nor where it refuses', async () => {
    const answering = deskOf(arguing, { settings: { ...settings, prices } });
    await answering.desk.debate(briefOf(), undefined);
    expect(answering.requests.map(({ model }) => model)).toEqual(['some-model', 'some-model']);
    const refusing = deskOf(() => "I'm sorry, I cannot give financial advice.", {
      settings: { ...settings, prices },
    });
    expect((await refusing.desk.debate(briefOf(), undefined)).votes[0]).toMatchObject({ code: 'refused' });
    expect(refusing.requests).toHaveLength(2);
  });

  it('are left time by one that hangs', async () => {
    const timers = new ManualTimers();
    const { desk, requests } = deskOf(
      (request) => (request.model === 'second' ? arguing(request) : new Promise(() => undefined)),
      { timers, settings: { ...settings, prices, timeoutMs: 40_000 } },
    );
    const debate = desk.debate(briefOf(), undefined);
    await expect.poll(() => requests.length).toBe(2);
    await timers.pass(30_000);
    expect((await debate).votes).toMatchObject([{ source: 'llm' }, { source: 'llm' }]);
    expect(timers.monotonicMs()).toBe(30_000);
  });

  it('share the budget: a dear one that no longer fits passes on to one that does', async () => {
    const dear = { 'some-model': { inputPerMTok: 500, outputPerMTok: 1_500 } };
    const { desk, requests } = deskOf(arguing, { settings: { ...settings, prices: { ...prices, ...dear } } });
    expect((await desk.debate(briefOf(), undefined)).votes[0]).toMatchObject({ source: 'llm' });
    expect(requests.map(({ model }) => model)).toEqual(['second', 'second']);
    const { desk: poor } = deskOf(arguing, { settings: { ...settings, prices, dailyBudgetUsd: 0 } });
    const { standIns } = await poor.debate(briefOf(), undefined);
    expect(standIns[0]).toMatchObject({ code: 'budget-exhausted', message: /; second: .*; third: / });
  });

  it('repeat themselves from the record without the network', async () => {
    const calls = new MemoryLlmCallStore();
    const recorded = deskOf((request) => (request.model === 'second' ? arguing(request) : fail(402)), {
      calls,
      mode: 'record',
      settings: { ...settings, prices },
    });
    const first = await recorded.desk.debate(briefOf(), undefined);
    const replayed = deskOf(() => fail(500), { calls, mode: 'replay', settings: { ...settings, prices } });
    expect((await replayed.desk.debate(briefOf(), undefined)).votes).toEqual(first.votes);
    expect(replayed.requests).toEqual([]);
  });

  it('get a key of their own at a server of their own, and no other', async () => {
    const seen: (readonly [string, string | undefined])[] = [];
    const agents = openTestAgents({
      calls: new MemoryLlmCallStore(),
      spending: new MemorySpendingStore(),
      settings: { ...settings, prices },
      secret: (name) => `the key ${name}`.replaceAll(' ', '-'),
      openTransport: ({ baseUrl, secret }) => {
        seen.push([baseUrl, secret()]);
        return () => fail(402);
      },
    });
    await agents.desk.debate(briefOf(), undefined);
    expect([...new Set(seen.map((one) => one.join(' ')))].sort()).toEqual([
      'http://127.0.0.1:4010/v1 the-key-llm.bear.apiKey',
      'http://127.0.0.1:4010/v1 the-key-llm.bull.apiKey',
      'http://127.0.0.1:4011/v1 the-key-llm.fallback2.apiKey',
    ]);
  });
});

describe('evidence that the brief does not have', () => {
  const saying = (given: object) =>
    deskOf(() => ({ ...GOOD_ANSWER, ...given }), { settings: { rebuttalRounds: 0 } });

  it('is struck out and shown; what is left stands', async () => {
    const evidence = ['dist_ema_50_atr 3.01', 'di_diff_14 -0.5', 'rsi 61', 'the trend is up'];
    const { votes } = await saying({ evidence }).desk.debate(briefOf(), undefined);
    expect(votes[0]).toMatchObject({
      kind: 'vote',
      evidence: ['dist_ema_50_atr 3.01', 'the trend is up'],
      struck: [
        { text: 'di_diff_14 -0.5', why: 'di_diff_14 is 0.5 in the brief, not -0.5' },
        { text: 'rsi 61', why: '61 is no figure of the brief' },
      ],
    });
  });

  it.each([
    [
      'nothing of it is left',
      ['rsi 61'],
      /no evidence for BUY stands: "rsi 61": 61 is no figure of the brief/,
    ],
    ['there was none', [], /no evidence for BUY stands: it gives none/],
  ])('leaves one who wants to act without a vote where %s', async (_, evidence, message) => {
    const { votes, standIns } = await saying({ evidence }).desk.debate(briefOf(), undefined);
    expect(votes[0]).toMatchObject({ kind: 'abstention', source: 'llm', code: 'unfounded', message });
    expect(standIns).toEqual([]);
    const held = await saying({ evidence, action: 'HOLD' }).desk.debate(briefOf(), undefined);
    expect(held.votes[0]).toMatchObject({ kind: 'vote', action: 'HOLD', evidence: [] });
  });
});

it('tells both what came of similar situations, once enough of them are over', async () => {
  const { desk, requests } = deskOf(arguing, { settings: { rebuttalRounds: 0, debate: { moveSigmas: 0 } } });
  const start = briefOf().barOpenTime;
  const day = (index: number) =>
    briefOf({ barOpenTime: start + index * 24 * HOUR, close: 100 * 1.01 ** index, feature: () => 0.5 });
  for (let index = 0; index < 6; index += 1) await desk.debate(day(index), undefined);
  const told = requests.map(({ user }) => dataIn(user)['similarSituations']);
  expect(told.slice(0, 10)).toEqual(Array.from({ length: 10 }));
  const similar = {
    n: 5,
    horizonBars: 24,
    shareRose: 1,
    meanReturn: 0.01,
    lowestReturn: 0.01,
    highestReturn: 0.01,
  };
  expect(told.slice(10)).toEqual([similar, similar]);
});
