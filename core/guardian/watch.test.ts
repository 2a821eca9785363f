import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { FIRST_WATCH, SILENT_FOR_MS, type Watch, type WatchDeed, type WatchEvent, watched } from './watch.ts';

const TICK_MS = 500;
const ticks = (ms: number): WatchEvent[] =>
  Array.from({ length: ms / TICK_MS }, () => ({ kind: 'time', ranMs: TICK_MS }));
const beat: WatchEvent = { kind: 'beat' };
const gone: WatchEvent = { kind: 'gone' };
const relieved: WatchEvent = { kind: 'relieved' };
const paused: WatchEvent = { kind: 'time', ranMs: null };
const looked = (found: 'open' | 'flat' | 'unknown'): WatchEvent => ({ kind: 'looked', found });
const closed = (isFlat: boolean): WatchEvent => ({ kind: 'closed', isFlat });
const silent = ticks(SILENT_FOR_MS);
const beating = (ms: number, everyMs: number): WatchEvent[] =>
  Array.from({ length: ms / everyMs }, () => [...ticks(everyMs), beat]).flat();

/** What is done over a story, but for nothing. */
function deeds(story: readonly (WatchEvent | readonly WatchEvent[])[]): Exclude<WatchDeed, null>[] {
  return run(story.flat()).deeds;
}

function run(events: readonly WatchEvent[]): { watch: Watch; deeds: Exclude<WatchDeed, null>[] } {
  let watch = FIRST_WATCH;
  const done: Exclude<WatchDeed, null>[] = [];
  for (const event of events) {
    const step = watched(watch, event);
    watch = step.watch;
    if (step.deed !== null) done.push(step.deed);
  }
  return { watch, deeds: done };
}

test.each<[string, (WatchEvent | readonly WatchEvent[])[], WatchDeed[]]>([
  ['a program that beats is left alone', [beating(120_000, 500)], []],
  ['one that beats whenever it comes to it is left alone', [beating(112_000, 14_000)], []],
  ['one that is slow for 14.5 s is left alone', [ticks(14_500), beat, ticks(14_500)], []],
  ['one that is silent for 15 s is looked at', [silent], ['look']],
  ['silence with something open is closed', [silent, looked('open')], ['look', 'close']],
  ['silence with nobody knowing what is open is closed', [silent, looked('unknown')], ['look', 'close']],
  [
    'silence with nothing open is looked at again, 15 s later',
    [silent, looked('flat'), silent],
    ['look', 'look'],
  ],
  ['a crash with nothing open leaves nothing to guard', [gone, silent, looked('flat')], ['look', 'leave']],
  ['a crash is given the same 15 s', [gone, ticks(14_500)], []],
  ['a crash with something open is closed', [gone, silent, looked('open')], ['look', 'close']],
  ['a suspend counts for nothing', [ticks(14_500), paused, ticks(14_500)], ['ask-reconciliation']],
  [
    'a suspend of a crashed program neither',
    [gone, ticks(14_500), paused, ticks(14_500)],
    ['ask-reconciliation'],
  ],
  ['after it silence counts anew', [ticks(14_500), paused, silent], ['ask-reconciliation', 'look']],
  [
    'a suspend while it is looked begins anew',
    [silent, paused, looked('open'), silent],
    ['look', 'ask-reconciliation', 'look'],
  ],
  ['a beat while it is looked is a sign of life', [silent, beat, looked('open'), ticks(14_500)], ['look']],
  ['who ends the program on purpose is not fought', [ticks(14_500), relieved, silent], ['leave']],
  ['nor while it is looked', [silent, relieved, looked('open')], ['look', 'leave']],
  ['nor who starts it again after a crash', [gone, ticks(14_500), relieved], ['leave']],
  [
    'what is being closed is closed to its end',
    [silent, looked('open'), relieved, silent],
    ['look', 'close'],
  ],
  [
    'and then it leaves, flat or not',
    [silent, looked('open'), relieved, closed(false), silent],
    ['look', 'close', 'leave'],
  ],
  ['flat after a crash is the end', [gone, silent, looked('open'), closed(true)], ['look', 'close', 'leave']],
  [
    'a crash while it is closed is none that waits',
    [silent, looked('open'), gone, closed(true)],
    ['look', 'close', 'leave'],
  ],
  [
    'flat while it hangs is closed once',
    [silent, looked('open'), closed(true), silent, silent],
    ['look', 'close'],
  ],
  [
    'one that was closed and then ends is left',
    [silent, looked('open'), closed(true), gone],
    ['look', 'close', 'leave'],
  ],
  [
    'one that wakes after it is guarded again',
    [silent, looked('open'), closed(true), beat, silent],
    ['look', 'close', 'look'],
  ],
  [
    'a beat while it is closed stops no closing',
    [silent, looked('open'), beat, closed(true), silent],
    ['look', 'close'],
  ],
  [
    'what was not closed is tried again in 30 s',
    [silent, looked('open'), closed(false), ticks(30_000)],
    ['look', 'close', 'close'],
  ],
  ['not before', [silent, looked('open'), closed(false), ticks(29_500)], ['look', 'close']],
  [
    'a suspend brings it no nearer',
    [silent, looked('open'), closed(false), ticks(29_500), paused],
    ['look', 'close'],
  ],
  [
    'then in a minute',
    [silent, looked('open'), closed(false), ticks(30_000), closed(false), ticks(59_500)],
    ['look', 'close', 'close'],
  ],
  [
    'a program that wakes closes by itself what is left',
    [silent, looked('open'), closed(false), beat, ticks(14_500)],
    ['look', 'close'],
  ],
  ['an answer to nothing is nothing', [looked('open'), closed(true)], []],
  ['who has left does nothing more', [relieved, beat, silent, paused, gone], ['leave']],
])('%s', (_name, story, expected) => {
  expect(deeds(story)).toEqual(expected);
});

describe('what cannot be closed', () => {
  it('is tried again every five minutes at least, for a day, and no longer', () => {
    let { watch } = run([gone, ...silent, looked('open')]);
    let tries = 1;
    let waitedMs = 0;
    let longestMs = 0;
    for (;;) {
      const failed = watched(watch, closed(false));
      watch = failed.watch;
      if (failed.deed === 'leave') break;
      let ms = 0;
      for (let deed: WatchDeed = null; deed === null; ms += TICK_MS)
        ({ watch, deed } = watched(watch, ticks(TICK_MS)[0] ?? beat));
      longestMs = Math.max(longestMs, ms);
      waitedMs += ms;
      tries += 1;
    }
    expect(longestMs).toBe(300_000);
    expect(tries).toBe(288);
    expect(waitedMs).toBeGreaterThan(23 * 3_600_000);
  });
});

test('nothing is closed but after 15 s of own time without a sign of life', () => {
  const event = fc.oneof(
    { weight: 12, arbitrary: fc.constant<WatchEvent>({ kind: 'time', ranMs: 2_500 }) },
    fc.constantFrom<WatchEvent>(beat, gone, paused, looked('open'), looked('unknown'), looked('flat')),
    fc.constantFrom<WatchEvent>(closed(true), closed(false)),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      let watch = FIRST_WATCH;
      let silentMs = 0;
      for (const each of events) {
        if (each.kind === 'time') silentMs = each.ranMs === null ? 0 : silentMs + each.ranMs;
        if (each.kind === 'beat') silentMs = 0;
        const step = watched(watch, each);
        watch = step.watch;
        if (step.deed !== 'close') continue;
        expect(silentMs).toBeGreaterThanOrEqual(SILENT_FOR_MS);
        return;
      }
    }),
  );
});
