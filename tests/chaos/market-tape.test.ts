import { describe, expect, test } from 'vitest';
import type { Candle, MarketEvent } from '../../core/domain/index.ts';
import { Dice } from './dice.ts';
import { Life } from './life.ts';
import { MarketTape, WARM_UP_BARS } from './market-tape.ts';
import { BAR_MS } from './scenario.ts';
import { SPOT } from './testing/quiet.ts';
import { PricePath, TICK_MS } from './venue/price-path.ts';

const START = 100 * BAR_MS;

function tape() {
  const path = new PricePath(new Dice(1), 100, 0.01);
  const market = new MarketTape(new Map([[SPOT, path.barsBefore(START, WARM_UP_BARS)]]));
  let now = START;
  function minute(open: boolean): void {
    for (let tick = 0; tick < BAR_MS / TICK_MS; tick += 1) {
      now += TICK_MS;
      market.add(open ? new Map([[SPOT, path.next(now - TICK_MS, 'wild')]]) : new Map(), now);
    }
  }
  return { market, minute };
}

async function heard(feed: ReturnType<MarketTape['connect']>): Promise<readonly MarketEvent[]> {
  const end = new AbortController();
  const events: MarketEvent[] = [];
  const reading = (async () => {
    for (let event = await feed.next(end.signal); event !== undefined; event = await feed.next(end.signal)) {
      events.push(event);
    }
  })();
  await new Promise((resolve) => setImmediate(resolve));
  end.abort();
  await reading;
  return events;
}

describe('the market tape', () => {
  test('a bar is what its ticks were, and comes after them', async () => {
    const { market, minute } = tape();
    const feed = market.connect(new Life());
    minute(true);
    const events = await heard(feed);
    expect(events.map(({ kind }) => kind)).toEqual([...Array(30).fill('step'), 'bar']);
    const steps = events.flatMap((event): readonly Candle[] => (event.kind === 'step' ? [event.candle] : []));
    const bar = events.at(-1);
    expect(bar?.kind === 'bar' && bar.candle).toEqual({
      openTime: START,
      open: steps[0]?.open,
      high: Math.max(...steps.map(({ high }) => high)),
      low: Math.min(...steps.map(({ low }) => low)),
      close: steps.at(-1)?.close,
      volume: 30_000_000,
    });
  });

  test('bars of a market that was closed are missing, and that is told', async () => {
    const { market, minute } = tape();
    minute(true);
    minute(false);
    minute(false);
    const feed = market.connect(new Life());
    minute(true);
    const events = (await heard(feed)).filter(({ kind }) => kind !== 'step');
    expect(events).toMatchObject([
      { kind: 'gap', from: START + BAR_MS, missingBars: 2 },
      { kind: 'bar', candle: { openTime: START + 3 * BAR_MS } },
    ]);
  });

  test('a new process gets every bar before it for its warm-up, and no event', async () => {
    const { market, minute } = tape();
    market.connect(new Life());
    minute(true);
    const feed = market.connect(new Life());
    expect(feed.warmUp(SPOT)).toHaveLength(WARM_UP_BARS);
    expect(feed.warmUp(SPOT).at(-1)?.openTime).toBe(START);
    expect(await heard(feed)).toEqual([]);
  });

  test('a process that has ended hears nothing', async () => {
    const { market, minute } = tape();
    const life = new Life();
    const feed = market.connect(life);
    life.end();
    minute(true);
    expect(await heard(feed)).toEqual([]);
  });
});
