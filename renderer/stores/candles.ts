import { create } from 'zustand';
import type { CandleView } from '../../core/contract/index.ts';
import type { TopicMessage } from '../host/index.ts';
import {
  type Candles,
  LONGEST_SERIES,
  mergeCandles,
  prependCandles,
  replaceCandles,
} from './candle-series.ts';

export interface SymbolCandles {
  readonly candles: Candles;
  /** Whether older candles may still be had. */
  readonly history: 'more' | 'loading' | 'end';
}

interface CandleState {
  readonly bySymbol: Readonly<Record<string, SymbolCandles>>;
  readonly apply: (symbol: string, message: TopicMessage<'candles'>) => void;
  /** Notes that older candles are on their way; false when they are, or when there are no more. */
  readonly beginHistory: (symbol: string) => boolean;
  readonly endHistory: (symbol: string, older: readonly CandleView[] | null) => void;
}

const NONE: SymbolCandles = { candles: [], history: 'more' };

/** The candles of each symbol that was looked at. */
export const useCandles = create<CandleState>()((set, get) => {
  const change = (symbol: string, next: (known: SymbolCandles) => SymbolCandles): void =>
    set(({ bySymbol }) => ({ bySymbol: { ...bySymbol, [symbol]: next(bySymbol[symbol] ?? NONE) } }));
  return {
    bySymbol: {},
    apply: (symbol, message) =>
      change(symbol, (known) => {
        const merge = message.kind === 'snapshot' ? replaceCandles : mergeCandles;
        return { ...known, candles: merge(known.candles, message.content ?? []) };
      }),
    beginHistory: (symbol) => {
      const known = get().bySymbol[symbol];
      if (known === undefined || known.history !== 'more' || known.candles.length === 0) return false;
      change(symbol, (now) => ({ ...now, history: 'loading' }));
      return true;
    },
    endHistory: (symbol, older) =>
      change(symbol, ({ candles }) => {
        // A call that failed may be made again.
        if (older === null) return { candles, history: 'more' };
        const joined = prependCandles(candles, older);
        const full = joined.length === candles.length || joined.length >= LONGEST_SERIES;
        return { candles: joined, history: full ? 'end' : 'more' };
      }),
  };
});
