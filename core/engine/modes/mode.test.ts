import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { type Candle, SILENT_LOGGER, TraderError } from '../../domain/index.ts';
import { MemoryHistoryStore, MemoryStateStore } from '../../storage/index.ts';
import { openFeed, profileOf, rememberReplay } from './mode.ts';

const HOUR = 3_600_000;
const SYMBOL = 'BTC/USDT';
const settings = SettingsSchema.parse({ mode: 'replay', symbols: [SYMBOL] });

/** The feed of a replay over 100 stored hours, of which half warm up, and what was said on the way. */
function replay(state: MemoryStateStore) {
  const history = new MemoryHistoryStore();
  history.append(
    SYMBOL,
    '1h',
    Array.from({ length: 100 }, (_, index) => bar(index)),
  );
  const faults: unknown[] = [];
  const log = { ...SILENT_LOGGER, warn: ({ fault }: { fault?: unknown }) => faults.push(fault) };
  const feed = openFeed({ settings, symbols: [SYMBOL], history, state, log, replayFiles: [] });
  return { warmUpBars: feed.warmUp(SYMBOL).length, faults };
}

function bar(index: number): Candle {
  return { openTime: index * HOUR, open: 100, high: 100, low: 100, close: 100, volume: 1 };
}

describe('a replay', () => {
  it('begins in the middle of a short history', () => {
    expect(replay(new MemoryStateStore())).toEqual({ warmUpBars: 50, faults: [] });
  });

  it('goes on after a restart where it had come to', () => {
    const state = new MemoryStateStore();
    rememberReplay(state, 70 * HOUR);
    expect(replay(state)).toEqual({ warmUpBars: 70, faults: [] });
  });

  it('goes on where it had come to before documents had versions', () => {
    const state = new MemoryStateStore();
    state.write('replay-position', 70 * HOUR);
    expect(replay(state)).toEqual({ warmUpBars: 70, faults: [] });
  });

  it('begins anew, and says so, when where it had come to cannot be read', () => {
    const state = new MemoryStateStore();
    state.write('replay-position', 'yesterday');
    expect(replay(state)).toEqual({
      warmUpBars: 50,
      faults: ['the stored replay-position cannot be used: it is damaged'],
    });
  });
});

describe('a mode', () => {
  it('that this version cannot run is refused with what to do', () => {
    expect(() => profileOf('live')).toThrow(TraderError);
    expect(() => profileOf('live')).toThrow('use demo or replay');
  });
});
