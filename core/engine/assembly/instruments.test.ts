import { describe, expect, it } from 'vitest';
import { type Instrument, SILENT_LOGGER, type StateStore, simulatedInstrument } from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { Instruments } from './instruments.ts';

const BTC = 'BTC/USDT';
const listed = simulatedInstrument(BTC, 40_000);

function venue(...instruments: readonly Instrument[]) {
  return { instrument: (symbol: string) => instruments.find((each) => each.symbol === symbol) };
}

function instrumentsOf(
  exchange: ReturnType<typeof venue>,
  state: StateStore,
  symbols: readonly string[],
): Instruments {
  return new Instruments(exchange, state, symbols, SILENT_LOGGER);
}

describe('instruments', () => {
  it('are the venue’s own while it lists them', () => {
    const instruments = instrumentsOf(venue(listed), new MemoryStateStore(), [BTC]);
    expect(instruments.of(BTC)).toBe(listed);
  });

  it('of a symbol that is listed no longer are as they were listed last, also after restarts', () => {
    const state = new MemoryStateStore();
    expect(instrumentsOf(venue(listed), state, [BTC]).of(BTC)).toBe(listed);
    for (let restarts = 0; restarts < 2; restarts += 1) {
      const instruments = instrumentsOf(venue(), state, [BTC]);
      expect(JSON.stringify(instruments.of(BTC))).toBe(JSON.stringify({ ...listed, status: 'delisted' }));
      expect(instruments.of(BTC)).toBe(instruments.of(BTC));
    }
  });

  it('V12 follow what the venue changes', () => {
    const state = new MemoryStateStore();
    const changed = simulatedInstrument(BTC, 400);
    for (const each of [listed, changed]) instrumentsOf(venue(each), state, [BTC]);
    expect(instrumentsOf(venue(), state, []).of(BTC).lotSize.toFixed()).toBe(changed.lotSize.toFixed());
  });

  it('of a symbol that nobody knows take every crumb for something', () => {
    const unknown = instrumentsOf(venue(listed), new MemoryStateStore(), [BTC]).of('GONE/USDT');
    expect(unknown).toMatchObject({ symbol: 'GONE/USDT', base: 'GONE', quote: 'USDT', kind: 'spot' });
    expect(unknown.lotSize.toNumber()).toBe(1e-12);
  });

  it.each(['x', { documentVersion: 1, value: { [BTC]: { lotSize: 'small' } } }])(
    'do without a document that cannot be read: %o',
    (document) => {
      const state = new MemoryStateStore();
      state.write('instruments', document);
      expect(instrumentsOf(venue(), state, []).of(BTC).lotSize.toNumber()).toBe(1e-12);
    },
  );

  it('are as they were listed last while the venue fails to tell of them', () => {
    const state = new MemoryStateStore();
    instrumentsOf(venue(listed), state, [BTC]);
    const broken: ReturnType<typeof venue> = {
      instrument: () => {
        throw new Error('a bug in an adapter');
      },
    };
    const instruments = instrumentsOf(broken, state, [BTC]);
    expect(instruments.of(BTC).lotSize.toFixed()).toBe(listed.lotSize.toFixed());
    expect(instruments.statusOf(BTC)).toBe('halted');
    expect(instrumentsOf(venue(), state, []).statusOf(BTC)).toBe('delisted');
    expect(instrumentsOf(venue(listed), state, []).statusOf(BTC)).toBe('trading');
  });

  it('are written only when something changed', () => {
    const state = new MemoryStateStore();
    instrumentsOf(venue(listed), state, [BTC]);
    let writes = 0;
    state.write = () => {
      writes += 1;
    };
    instrumentsOf(venue(listed), state, [BTC]);
    expect(writes).toBe(0);
  });
});
