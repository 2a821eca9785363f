import { z } from 'zod';
import { DecimalTextSchema } from '../../contract/index.ts';
import {
  baseAmount,
  type Exchange,
  type Instrument,
  type Logger,
  price,
  quoteAmount,
  StateDocument,
  type StateStore,
  simulatedInstrument,
  text,
} from '../../domain/index.ts';

const FiltersSchema = z.object({
  tickSize: DecimalTextSchema,
  lotSize: DecimalTextSchema,
  minAmount: DecimalTextSchema,
  minNotional: DecimalTextSchema,
  contractSize: DecimalTextSchema,
});
type Filters = z.infer<typeof FiltersSchema>;
const RememberedSchema = z.record(z.string(), FiltersSchema);
type Remembered = Readonly<Record<string, Filters>>;

/** Of a symbol that nobody knows any more every crumb counts: nothing that is held is taken for nothing. */
const FINEST: Filters = {
  tickSize: '0.000000000001',
  lotSize: '0.000000000001',
  minAmount: '0.000000000001',
  minNotional: '0',
  contractSize: '1',
};

/**
 * Instruments by symbol, also of those that the venue does not list, or no longer: as it listed them last, since old
 * trades and what is still held are counted in their lots.
 */
export class Instruments {
  readonly #venue: Pick<Exchange, 'instrument'>;
  readonly #remembered: Remembered;
  readonly #log: Logger;
  readonly #unlisted = new Map<string, Instrument>();

  /** @param symbols those whose instruments are remembered from now on. */
  constructor(
    venue: Pick<Exchange, 'instrument'>,
    state: StateStore,
    symbols: readonly string[],
    log: Logger,
  ) {
    this.#venue = venue;
    this.#log = log;
    const document = rememberedInstruments(state);
    const before = document.readOr((fault) => {
      log.warn({ fault }, 'of symbols that are not listed every crumb counts');
      return {};
    });
    const listed = symbols.flatMap((symbol) => {
      const instrument = this.#told(symbol);
      return instrument === undefined || instrument === 'nothing'
        ? []
        : [[symbol, filtersOf(instrument)] as const];
    });
    this.#remembered = { ...before, ...Object.fromEntries(listed) };
    if (JSON.stringify(before) !== JSON.stringify(this.#remembered)) {
      document.write(this.#remembered);
    }
  }

  of(symbol: string): Instrument {
    const listed = this.#told(symbol);
    if (listed !== undefined && listed !== 'nothing') return listed;
    const known = this.#unlisted.get(symbol);
    if (known !== undefined) return known;
    const instrument = unlisted(symbol, this.#remembered[symbol] ?? FINEST);
    this.#unlisted.set(symbol, instrument);
    return instrument;
  }

  /** What may be done with a symbol: one of which the venue fails to tell is not given up. */
  statusOf(symbol: string): Instrument['status'] {
    const told = this.#told(symbol);
    if (told === 'nothing') return 'halted';
    return told?.status ?? 'delisted';
  }

  /** `nothing`: the venue fails to tell, which must not keep what is held from being counted and closed. */
  #told(symbol: string): Instrument | undefined | 'nothing' {
    try {
      return this.#venue.instrument(symbol);
    } catch (error) {
      this.#log.error({ symbol, error }, 'the venue fails to tell of a market');
      return 'nothing';
    }
  }
}

function unlisted(symbol: string, filters: Filters): Instrument {
  return {
    // Its currencies and kind are in the symbol; the filters are not.
    ...simulatedInstrument(symbol, 1),
    status: 'delisted',
    tickSize: price(filters.tickSize),
    lotSize: baseAmount(filters.lotSize),
    minAmount: baseAmount(filters.minAmount),
    minNotional: quoteAmount(filters.minNotional),
    contractSize: baseAmount(filters.contractSize),
  };
}

function filtersOf({ tickSize, lotSize, minAmount, minNotional, contractSize }: Instrument): Filters {
  return {
    tickSize: text(tickSize),
    lotSize: text(lotSize),
    minAmount: text(minAmount),
    minNotional: text(minNotional),
    contractSize: text(contractSize),
  };
}

function rememberedInstruments(state: StateStore): StateDocument<Remembered> {
  return new StateDocument<Remembered>(state, 'instruments', {
    version: 1,
    initial: {},
    parse: (stored) => RememberedSchema.safeParse(stored).data,
  });
}
