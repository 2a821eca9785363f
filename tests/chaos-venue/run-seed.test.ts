import { beforeAll, describe, expect, test } from 'vitest';
import { assetAmount } from '../../core/domain/index.ts';
import type { DialectName } from '../venue/index.ts';
import type { Books } from './books.ts';
import { bundleHost } from './bundle.ts';
import { runSeed, type SeedResult } from './run-seed.ts';
import type { Scenario } from './scenario.ts';

/** The runner's own judgement, on a calm day: what it is shown wrong it must find. */

const LIMIT_MS = 120_000;
/** A seed whose program trades. */
const SEED = 3;
/** One whose program trades through faults and deaths. */
const LIVELY_SEED = 4;

/** What a ledger's file may say wrongly, and what is to be found then. */
const MISREADINGS: readonly (readonly [string, (ledger: Books) => Books, string])[] = [
  [
    'a trade is missing',
    (ledger) => ({ ...ledger, trades: ledger.trades.slice(1) }),
    'the ledger says nothing',
  ],
  [
    'money is a hundred-millionth off',
    (ledger) => ({
      ...ledger,
      flows: new Map(
        [...ledger.flows].map(([asset, amount]) => [asset, assetAmount(amount.plus('0.00000001').toFixed())]),
      ),
    }),
    'USDT changed by',
  ],
];

let host = '';
let onCalmDay: SeedResult;

beforeAll(async () => {
  host = await bundleHost();
  onCalmDay = await runSeed(SEED, { host, change: calm, misread: MISREADINGS.map(([, change]) => change) });
}, LIMIT_MS);

function calm(scenario: Scenario): Scenario {
  return { ...scenario, faults: [], ends: [], cuts: [], skews: [], hands: [] };
}

describe('on a calm day', () => {
  test('the program trades, and its books are the venue’s', () => {
    const { violations, stats } = onCalmDay;
    expect(violations).toEqual([]);
    expect(stats.trades).toBeGreaterThan(2);
    expect(stats.deaths).toBe(0);
  });

  test.each(MISREADINGS.map(([what, , words], index) => ({ what, words, index })))(
    'a ledger in which $what is found',
    ({ words, index }) => {
      const found = onCalmDay.misreadings[index] ?? [];
      expect(found.map(({ rule }) => rule)).toContain('books agree');
      expect(found.map(({ detail }) => detail).join('\n')).toContain(words);
    },
  );
});

test(
  'a program that dies at a durable write dies by SIGKILL, comes back and finds its books',
  async () => {
    const death = { of: 'orders', write: 2, when: 'before' } as const;
    const change = (scenario: Scenario): Scenario => ({
      ...calm(scenario),
      ends: [{ kind: 'write', downMs: 3_000, death }],
    });
    const { violations, stats } = await runSeed(SEED, { host, change });
    expect(violations).toEqual([]);
    expect(stats).toMatchObject({ deaths: 1, atWrites: 1 });
  },
  LIMIT_MS,
);

test.each<DialectName>(['binance-spot', 'binance-usdm'])(
  'at %s a program that knows nothing of the venue but what ccxt says keeps its books through faults and deaths',
  async (dialect) => {
    const change = (scenario: Scenario): Scenario => ({
      ...scenario,
      dialect,
      isDerived: true,
      ownCoins: {},
    });
    const { violations, stats } = await runSeed(LIVELY_SEED, { host, change });
    expect(violations).toEqual([]);
    expect(stats.trades).toBeGreaterThan(2);
    expect(stats.deaths).toBeGreaterThan(0);
    expect(stats.faults).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

test(
  'a program that ends by itself is a violation',
  async () => {
    const { violations } = await runSeed(SEED, {
      host: new URL('./testing/dies.mjs', import.meta.url).pathname,
      change: calm,
    });
    expect(violations.map(({ rule }) => rule)).toContain('the process stays');
  },
  LIMIT_MS,
);
