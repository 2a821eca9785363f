import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MarketEvent } from '../../../domain/index.ts';
import { MINUTE_MS, OPENING } from './testing/fake-candle-venue.ts';
import { BTC, FeedScene } from './testing/feed-scene.ts';

const CALM_SECONDS = 130;

/** What happens in a second: what goes wrong from now on, and whether somebody trades. */
const anySecond = fc.record({
  trouble: fc.option(
    fc.constantFrom('drop', 'deaf', 'no-rest', 'cut', 'empty', 'lag', 'calm', 'calm', 'calm'),
    { freq: 9 },
  ),
  trades: fc.constantFrom(true, true, true, false),
  price: fc.integer({ min: 80, max: 120 }),
});
/** Quiet stretches make bars that the venue does not have. */
const anyStory = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.array(anySecond, { minLength: 20, maxLength: 40 }) }, quiet()), {
    minLength: 3,
    maxLength: 8,
  })
  .map((parts) => parts.flat());

function quiet() {
  return fc
    .integer({ min: 30, max: 150 })
    .map((seconds) => Array.from({ length: seconds }, () => ({ trouble: null, trades: false, price: 100 })));
}

/** No line loses a word without a sign, but one that is silent for a while. */
const SILENCE_MS = 9_000;

/** Plays what goes wrong with the line of a scene. */
class Trouble {
  readonly #scene: FeedScene;
  #deafSince: number | null = null;

  constructor(scene: FeedScene) {
    this.#scene = scene;
  }

  strike(trouble: string): void {
    const { venue, timers } = this.#scene;
    switch (trouble) {
      case 'drop':
        venue.drop();
        return;
      case 'deaf':
        venue.isStreaming = false;
        this.#deafSince ??= timers.now();
        return;
      case 'no-rest':
        venue.answer = () => {
          throw new Error('no route to host');
        };
        return;
      case 'cut':
        venue.answer = (rows) => rows.map((row) => row.slice(0, 3));
        return;
      case 'empty':
        venue.answer = () => [];
        return;
      case 'lag':
        venue.answer = (rows) => rows.slice(0, -1);
        return;
      default:
        this.#end();
    }
  }

  #end(): void {
    const { venue, timers } = this.#scene;
    if (this.#deafSince !== null && timers.now() - this.#deafSince < SILENCE_MS) venue.drop();
    this.#deafSince = null;
    venue.isStreaming = true;
    venue.answer = null;
  }
}

test('whatever the line does, every bar of the venue comes once, in order and whole, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(anyStory, async (story) => {
      const scene = new FeedScene();
      const line = new Trouble(scene);
      scene.venue.addHistory(BTC, 5);
      scene.venue.trade(BTC, 100);
      await scene.open();
      for (const { trouble, trades, price } of story) {
        if (trouble !== null) line.strike(trouble);
        if (trades) scene.venue.trade(BTC, price);
        await scene.pass(1);
      }
      line.strike('calm');
      await scene.trading(CALM_SECONDS);
      const told = scene.events.filter(({ kind }) => kind !== 'step');
      expect(placesOf(told)).toEqual(placesAtVenue(scene, told.length));
      for (const candle of scene.candles) expect(candle).toEqual(scene.venue.bar(BTC, candle.openTime));
      // No more than the last bar is on its way.
      expect(scene.candles.at(-1)?.openTime).toBeGreaterThanOrEqual(
        scene.venue.now() - 2 * MINUTE_MS - 5_000,
      );
      expect(scene.feed.connection(BTC).state).toBe('connected');
      await scene.end();
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

type Place = readonly [kind: string, minute: number, bars: number];

function placesOf(events: readonly MarketEvent[]): readonly Place[] {
  return events.map((event) => {
    const time = event.kind === 'gap' ? event.from : event.candle.openTime;
    return [event.kind, (time - OPENING) / MINUTE_MS, event.kind === 'gap' ? event.missingBars : 1];
  });
}

/** The first so many bars and gaps from the opening on. */
function placesAtVenue(scene: FeedScene, count: number): readonly Place[] {
  const places: Place[] = [];
  for (let minute = 0; places.length < count; minute += 1) {
    const before = places.at(-1);
    if (scene.venue.bar(BTC, OPENING + minute * MINUTE_MS) !== undefined) places.push(['bar', minute, 1]);
    else if (before?.[0] === 'gap') places[places.length - 1] = ['gap', before[1], before[2] + 1];
    else places.push(['gap', minute, 1]);
    if (minute > 1_000) throw new RangeError('more was told than there is');
  }
  return places;
}
