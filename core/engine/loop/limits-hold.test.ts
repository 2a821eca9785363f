import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryVenueStore } from '../../../tests/contracts/simulated-venue.ts';
import type { SafetySettings } from '../../contract/index.ts';
import { absolute, float, remainingOf, VenueError } from '../../domain/index.ts';
import { LIMIT_TOLERANCE } from '../../safety/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { engineScene } from '../testing/engine-scene.ts';

const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'] as const;
const HOUR = 3_600_000;
const MIDNIGHT = 100 * 24 * HOUR;

type Scene = Awaited<ReturnType<typeof engineScene>>;
type Limits = Pick<
  SafetySettings,
  | 'maxSymbolExposure'
  | 'maxStrategyExposure'
  | 'maxGroupExposure'
  | 'maxPortfolioExposure'
  | 'maxOpenRisk'
  | 'maxPositions'
  | 'maxEntriesPerHour'
>;

/** What is open and on its way of each symbol, counted by hand from the books of orders and fills. */
function counted({ engine }: Scene) {
  const { desk, portfolio, theses } = engine;
  return SYMBOLS.map((symbol) => {
    const mark = portfolio.markPrice(symbol) ?? Number.NaN;
    const { quantity, cost } = portfolio.position(symbol);
    const held = float(quantity);
    const stop = theses.stopPrice(symbol);
    const heldRisk = stop === null ? Math.abs(held) * mark : Math.max(0, float(cost) - held * float(stop));
    const entries = desk.orders.unfinished(symbol).filter(({ purpose }) => purpose === 'entry');
    const units = entries.map((order) => float(absolute(remainingOf(order))));
    const risks = entries.map((order, index) => {
      const planned = Number(theses.ofOrder(order.clientOrderId)?.stopPrice ?? 0);
      return Math.abs(mark - planned) * (units[index] ?? Number.NaN);
    });
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return {
      symbol,
      strategy: theses.of(symbol)?.strategyId,
      worth: (Math.abs(held) + sum(units)) * mark,
      risk: heldRisk + sum(risks),
    };
  });
}

/** The limits that are broken now that an entry of the symbol is leaving, one of so many within the hour. */
function broken(scene: Scene, symbol: string, limits: Limits, inTheHour: number): readonly string[] {
  const lines = counted(scene);
  const equity = float(scene.engine.portfolio.equity());
  const total = (values: typeof lines, of: 'worth' | 'risk' = 'worth') =>
    values.reduce((sum, line) => sum + line[of], 0) / equity;
  const own = lines.filter(({ strategy }) => strategy === scene.now.strategy);
  const passes = (share: number, limit: number) => !(share <= limit * (1 + LIMIT_TOLERANCE) + 1e-9);
  const found: readonly (readonly [string, boolean])[] = [
    ['symbol', passes(total(lines.filter((line) => line.symbol === symbol)), limits.maxSymbolExposure)],
    ['strategy', passes(total(own), limits.maxStrategyExposure)],
    // The history of all three is the same.
    ['group', passes(total(lines), limits.maxGroupExposure)],
    ['portfolio', passes(total(lines), limits.maxPortfolioExposure)],
    ['open risk', passes(total(lines, 'risk'), limits.maxOpenRisk)],
    ['positions', lines.filter(({ worth }) => worth > 0).length > limits.maxPositions],
    ['entries an hour', inTheHour > limits.maxEntriesPerHour],
  ];
  return found.flatMap(([name, isBroken]) => (isBroken ? [`${symbol}: ${name}`] : []));
}

const limits: fc.Arbitrary<Limits> = fc.record({
  maxSymbolExposure: fc.constantFrom(0.1, 0.3, 0.7),
  maxStrategyExposure: fc.constantFrom(0.2, 0.6, 1),
  maxGroupExposure: fc.constantFrom(0.25, 0.6, 1),
  maxPortfolioExposure: fc.constantFrom(0.3, 0.9, 1),
  maxOpenRisk: fc.constantFrom(0.002, 0.01, 0.06, 0.5),
  maxPositions: fc.constantFrom(1, 2, 5),
  maxEntriesPerHour: fc.constantFrom(1, 2, 1_000),
});
/** When the trader changes limits: not at all, before a bar, while the voters think, or while an order waits to leave. */
const change = fc.record({
  when: fc.constantFrom('never', 'never', 'before', 'thinking', 'waiting'),
  to: limits,
});
const bar = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  says: fc.constantFrom('BUY', 'BUY', 'HOLD', 'SELL'),
  strategy: fc.constantFrom('rules', 'ensemble'),
  move: fc.double({ min: -0.04, max: 0.04, noNaN: true }),
  /** How much of an order the market fills. */
  volume: fc.constantFrom(0.2, 5, 10_000),
  /** The market goes on while the voters think. */
  thinksMs: fc.constantFrom(0, 0, 60_000),
  change,
});
/** Each life of the program begins with limits of its own. All lives are of one day. */
const lives = fc.array(fc.record({ limits, bars: fc.array(bar, { minLength: 4, maxLength: 21 }) }), {
  minLength: 1,
  maxLength: 3,
});

test('no decisions, fills, prices and changes of the settings make an entry leave that breaks a limit', async () => {
  let [left, lived, held] = [0, 0, 0];
  const faults: string[] = [];
  await fc.assert(
    fc.asyncProperty(lives, async (given) => {
      const books = {
        ledger: new MemoryOrderLedger(),
        state: new MemoryStateStore(),
        store: memoryVenueStore(),
      };
      const entered: number[] = [];
      const prices = new Map<string, number>(SYMBOLS.map((symbol) => [symbol, 1_000]));
      let start = MIDNIGHT;
      for (const life of given) {
        const scene = await engineScene({
          ...books,
          symbols: SYMBOLS,
          start,
          settings: {
            simulation: { makerFeeBps: 0, takerFeeBps: 0, spreadBps: 0, slippageBps: 0, latencyMs: 0 },
            safety: {
              ...life.limits,
              ...{ riskPerTrade: 0.1, costMultiple: 0, minHoldBars: 0, reentryWaitBars: 0, minEntryShare: 0 },
              ...{ maxEntriesPerDay: 1_000, maxDailyLoss: 1, maxDrawdown: 1, maxConsecutiveLosses: 1_000 },
              ...{ maxEntryDrift: 5, minSample: 1_000 },
            },
          },
        });
        lived += 1;
        let limits = life.limits;
        let atTheDoor: Limits | null = null;
        const set = (changed: Limits): void => {
          limits = changed;
          scene.engine.changeLimits({ ...scene.engine.limits.settings, ...changed });
        };
        // The line to the venue is the last that an order passes: what is wrong here has left.
        scene.exchange.instead.submit = async (intent, gate) => {
          if (intent.purpose !== 'entry') return scene.venue.submit(intent);
          // It waits for its turn, and is asked about again when that comes.
          if (atTheDoor !== null) set(atTheDoor);
          if (gate?.mayLeave(intent).allowed === false) {
            held += 1;
            throw new VenueError('rejected', 'the gate has closed');
          }
          left += 1;
          entered.push(scene.clock.now());
          const inTheHour = entered.filter((time) => time > scene.clock.now() - HOUR).length;
          faults.push(...broken(scene, intent.symbol, limits, inTheHour));
          return scene.venue.submit(intent);
        };
        for (const each of life.bars) {
          const { when, to } = each.change;
          if (when === 'before') set(to);
          atTheDoor = when === 'waiting' ? to : null;
          scene.now.strategy = each.strategy;
          scene.voters.says.clear();
          scene.voters.says.set(each.symbol, each.says);
          if (each.thinksMs > 0) scene.voters.thinksMs.set(each.symbol, each.thinksMs);
          else scene.voters.thinksMs.delete(each.symbol);
          for (const symbol of SYMBOLS) {
            const before = prices.get(symbol) ?? Number.NaN;
            const now = symbol === each.symbol ? before * (1 + each.move) : before;
            prices.set(symbol, now);
            await scene.bar(symbol, now, { open: before, volume: each.volume });
          }
          if (when === 'thinking') set(to);
          await scene.time.pass(each.thinksMs);
        }
        await scene.engine.close();
        start = scene.clock.now();
      }
      expect(faults).toEqual([]);
    }),
    { seed: 20_261, numRuns: 40 },
  );
  expect(left).toBeGreaterThan(lived);
  expect(held).toBeGreaterThan(0);
}, 60_000);
