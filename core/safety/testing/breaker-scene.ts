import { SettingsSchema } from '../../contract/index.ts';
import { ManualClock, quoteAmount, type StateStore, TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import { type BreakerSettings, CircuitBreaker } from '../index.ts';

export const MINUTE = TIMEFRAME_MS['1m'];
export const HOUR = TIMEFRAME_MS['1h'];
export const DAY = TIMEFRAME_MS['1d'];
export const MONDAY = Date.UTC(2024, 0, 1);
export const DEFAULTS = SettingsSchema.parse({}).safety;

/** Keeps documents as a database would: as JSON. */
export class MemoryStore implements StateStore {
  readonly documents = new Map<string, string>();
  broken: { read?: boolean; write?: boolean } = {};
  writes = 0;

  read(name: string): unknown {
    if (this.broken.read) throw new Error('database disk image is malformed');
    const document = this.documents.get(name);
    return document === undefined ? undefined : JSON.parse(document);
  }

  write(name: string, value: unknown): void {
    if (this.broken.write) throw new Error('database is locked');
    this.documents.set(name, JSON.stringify(value));
    this.writes += 1;
  }
}

/** A breaker with a clock and a store, told of equity and trades in short. */
export function breakerScene(
  settings: Partial<BreakerSettings> = {},
  store = new MemoryStore(),
  start: UtcMs = MONDAY,
) {
  const clock = new ManualClock(start);
  const breaker = new CircuitBreaker({ settings: { ...DEFAULTS, ...settings }, state: store, clock });
  return {
    breaker,
    clock,
    store,
    equity(time: UtcMs, value: number) {
      clock.advanceTo(time);
      breaker.observeEquity(time, value);
    },
    trades(...netPnls: number[]) {
      for (const netPnl of netPnls) breaker.observeTrade({ netPnl: quoteAmount(netPnl) });
    },
    code: () => breaker.verdict().code,
    figure: (name: string) => breaker.verdict().numbers[name],
  };
}
