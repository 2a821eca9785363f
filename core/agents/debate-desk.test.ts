import { describe, expect, it } from 'vitest';
import type { Vote } from '../domain/index.ts';
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
    expect(rebuttal?.system).toMatch(/^You are Bear[\s\S]+The debate goes on/);
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
