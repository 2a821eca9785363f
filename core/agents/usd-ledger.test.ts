import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../domain/index.ts';
import { MemoryLlmCallStore, MemorySpendingStore, SqliteSpendingStore } from '../storage/index.ts';
import { temporaryDatabases } from '../storage/testing/temporary-databases.ts';
import { briefOf, llmSettings } from './testing/briefs.ts';
import { GOOD_ANSWER } from './testing/llm-server.ts';
import { openTestAgents, scriptedTransport } from './testing/test-agents.ts';
import { UsdLedger } from './usd-ledger.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const DAY_MS = 86_400_000;
const { open, reopen } = temporaryDatabases();

function ledgerOf(
  dailyBudgetUsd: number,
  spending = new MemorySpendingStore(),
  clock = new ManualClock(NOON),
) {
  return new UsdLedger({ settings: llmSettings({ dailyBudgetUsd }), spending, clock });
}

const EXPENSE = { model: 'some-model', local: false, inputBytes: 900, maxOutputTokens: 1_000 };
/** 1000 tokens in at 0.5 and 1000 out at 1.5 USD a million, in millionths. */
const WORST = 2_000;

function reserved(ledger: UsdLedger, expense = EXPENSE) {
  const result = ledger.reserve(expense);
  if (result.kind === 'refused') throw new Error(result.failure.message);
  return result.reservation;
}

describe('the ledger', () => {
  it('reserves the worst case, then charges what the server counted, rounded up to a millionth', () => {
    const ledger = ledgerOf(1);
    const reservation = reserved(ledger);
    expect(ledger.spentToday()).toBe(WORST / 1e6);
    expect(reservation.settle({ inputTokens: 3, outputTokens: 1 })).toEqual({
      costUsd: 0.000003,
      usage: { inputTokens: 3, outputTokens: 1 },
    });
    expect(ledger.spentToday()).toBe(0.000003);
  });

  it('charges the worst case where the server does not say, and nothing where it did not work', () => {
    const ledger = ledgerOf(1);
    reserved(ledger).release();
    expect(ledger.spentToday()).toBe(0);
    expect(reserved(ledger).settle(undefined)).toEqual({ costUsd: WORST / 1e6, usage: undefined });
    expect(ledger.spentToday()).toBe(WORST / 1e6);
  });

  it.each([
    ['nothing', { inputTokens: 0, outputTokens: 0 }],
    ['no input', { inputTokens: 0, outputTokens: 5 }],
    ['no output', { inputTokens: 5, outputTokens: 0 }],
    ['less than nothing', { inputTokens: -5, outputTokens: 5 }],
    ['no number', { inputTokens: Number.NaN, outputTokens: 5 }],
  ])('charges the worst case where the server states %s', (_, usage) => {
    const ledger = ledgerOf(1);
    expect(reserved(ledger).settle(usage)).toEqual({ costUsd: WORST / 1e6, usage: undefined });
    expect(ledger.spentToday()).toBe(WORST / 1e6);
  });

  it.each([1e12, 9e15, Number.POSITIVE_INFINITY])(
    'charges no more than was sent and asked for where the server states %d tokens',
    (tokens) => {
      const ledger = ledgerOf(1);
      expect(reserved(ledger).settle({ inputTokens: tokens, outputTokens: tokens })).toEqual({
        costUsd: WORST / 1e6,
        usage: { inputTokens: 1_000, outputTokens: 1_000 },
      });
      expect(ledger.spentToday()).toBe(WORST / 1e6);
    },
  );

  it('refuses what could pass the cap, and says what is spent', () => {
    const ledger = ledgerOf(0.0039);
    reserved(ledger);
    expect(ledger.reserve(EXPENSE)).toMatchObject({
      kind: 'refused',
      failure: {
        code: 'budget-exhausted',
        message: "0.00 of today's 0.00 USD are spent or reserved, this call may need 0.0020 USD",
      },
    });
  });

  it('refuses a model elsewhere without a price, and says which to add; a local one is free', () => {
    const ledger = ledgerOf(1);
    for (const model of ['unknown', 'constructor']) {
      expect(ledger.reserve({ ...EXPENSE, model })).toMatchObject({
        failure: { code: 'budget-exhausted', message: expect.stringContaining(`llm.prices."${model}"`) },
      });
      expect(reserved(ledger, { ...EXPENSE, model, local: true }).settle(undefined).costUsd).toBe(0);
    }
    expect(ledger.spentToday()).toBe(0);
    expect(reserved(ledger, { ...EXPENSE, local: true }).settle(undefined).costUsd).toBeGreaterThan(0);
  });

  it('lets a free model speak with a budget of nothing', () => {
    expect(ledgerOf(0).reserve({ ...EXPENSE, model: 'unknown', local: true }).kind).toBe('reserved');
    expect(ledgerOf(0).reserve(EXPENSE).kind).toBe('refused');
  });

  it('begins anew with the UTC day; what was reserved yesterday is settled yesterday', () => {
    const clock = new ManualClock(NOON);
    const spending = new MemorySpendingStore();
    const ledger = ledgerOf(0.002, spending, clock);
    const yesterday = reserved(ledger);
    clock.advanceTo(NOON + DAY_MS / 2);
    expect(ledger.spentToday()).toBe(0);
    reserved(ledger);
    yesterday.settle({ inputTokens: 997, outputTokens: 1 });
    expect([spending.spent('2026-01-05'), spending.spent('2026-01-06')]).toEqual([500, WORST]);
  });

  it('never lets more be spent than the cap, whatever is reserved, settled and released in whatever order', () => {
    const steps = fc.array(
      fc.record({
        bytes: fc.nat(5_000),
        used: fc.double({ min: 0, max: 1, noNaN: true }),
        settle: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(steps, fc.nat(20_000), (calls, capMicroUsd) => {
        const ledger = ledgerOf(capMicroUsd / 1e6);
        const underWay: (() => void)[] = [];
        for (const { bytes, used, settle } of calls) {
          const result = ledger.reserve({ ...EXPENSE, inputBytes: bytes });
          expect(ledger.spentToday() * 1e6).toBeLessThanOrEqual(capMicroUsd + 1e-6);
          if (result.kind === 'refused') continue;
          const usage = {
            inputTokens: Math.floor((bytes + 100) * used),
            outputTokens: Math.floor(1_000 * used),
          };
          const { reservation } = result;
          underWay.push(() => (settle ? reservation.settle(usage) : reservation.release()));
          if (underWay.length > 3) underWay.shift()?.();
        }
        for (const end of underWay) end();
        expect(ledger.spentToday() * 1e6).toBeLessThanOrEqual(capMicroUsd + 1e-6);
        expect(ledger.spentToday()).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("a day's budget", () => {
  const CAP_USD = 0.5;
  // The worst of a call with these settings and texts is about 0.0075 USD; the server counts 0.0006.
  const settings = {
    dailyBudgetUsd: CAP_USD,
    maxConcurrentDecisions: 50,
    rebuttalRounds: 0,
    whenDown: 'abstain',
  };
  const bars = (count: number) =>
    Array.from({ length: count }, (_, index) => briefOf({ barOpenTime: NOON + index * 3_600_000 }));

  it('#31 holds to the cent under 50 concurrent decisions, and after a restart on the same day', async () => {
    const database = open();
    const calls = new MemoryLlmCallStore();
    const { openTransport, requests } = scriptedTransport();
    const agents = openTestAgents({
      calls,
      spending: new SqliteSpendingStore(database),
      settings,
      openTransport,
    });
    const results = await Promise.all(bars(50).map((brief) => agents.desk.debate(brief, undefined)));
    const refusedAtOnce = results
      .flatMap((result) => result.votes)
      .filter(({ kind }) => kind === 'abstention');
    // All hundred reserve before the first answers: those that could pass the cap are refused.
    expect(refusedAtOnce.length).toBe(100 - requests.length);
    expect(refusedAtOnce.length).toBeGreaterThan(0);
    expect(
      refusedAtOnce.every((vote) => vote.kind === 'abstention' && vote.code === 'budget-exhausted'),
    ).toBe(true);
    expect(agents.spentTodayUsd()).toBeCloseTo(requests.length * 0.0006, 9);

    // One after the other they go on until not even one more is sure to fit.
    const later = bars(1_200).slice(50);
    for (const brief of later) await agents.debate(brief, undefined);
    const spent = agents.spentTodayUsd();
    expect(spent).toBeLessThanOrEqual(CAP_USD);
    expect(CAP_USD - spent).toBeLessThan(0.01);

    const restarted = new SqliteSpendingStore(reopen(database));
    const again = openTestAgents({ calls, spending: restarted, settings, openTransport });
    const asked = requests.length;
    const [vote] = await again.debate(briefOf({ barOpenTime: NOON - 3_600_000 }), undefined);
    expect(vote).toMatchObject({ kind: 'abstention', code: 'budget-exhausted' });
    expect(requests).toHaveLength(asked);
    const tomorrow = openTestAgents({
      calls,
      spending: restarted,
      settings,
      openTransport,
      clock: new ManualClock(NOON + DAY_MS),
    });
    expect((await tomorrow.debate(briefOf({ barOpenTime: NOON - 3_600_000 }), undefined))[0]?.kind).toBe(
      'vote',
    );
  });

  it('counts what was under way when the program died', async () => {
    const database = open();
    const { openTransport, requests } = scriptedTransport(() => new Promise(() => undefined));
    const options = { calls: new MemoryLlmCallStore(), settings: { ...settings, dailyBudgetUsd: 0.02 } };
    const dying = openTestAgents({ ...options, spending: new SqliteSpendingStore(database), openTransport });
    void dying.debate(briefOf(), undefined);
    await expect.poll(() => requests.length).toBe(2);
    const again = openTestAgents({
      ...options,
      spending: new SqliteSpendingStore(reopen(database)),
      openTransport: scriptedTransport(() => GOOD_ANSWER).openTransport,
    });
    expect(again.spentTodayUsd()).toBeGreaterThan(0.012);
    expect((await again.debate(briefOf(), undefined))[0]).toMatchObject({ code: 'budget-exhausted' });
  });
});
