import { bitcoinFirst, bitcoinOf, type Candle, isBitcoin } from '../../domain/index.ts';
import type { DailyMoves } from './daily-moves.ts';
import type { SymbolDesk } from './symbol-desk.ts';

/** Closed bars as they come: each goes to its symbol's desk, with bitcoin's of the same time beside it. */
export class BarKeeper {
  readonly #desks: ReadonlyMap<string, SymbolDesk>;
  readonly #moves: DailyMoves;
  /** Which bitcoin each symbol is measured against. */
  readonly #bitcoins: ReadonlyMap<string, string | undefined>;
  /** The last closed bar of each bitcoin. */
  readonly #bitcoinBars = new Map<string, Candle>();

  constructor(desks: ReadonlyMap<string, SymbolDesk>, moves: DailyMoves) {
    const symbols = [...desks.keys()];
    this.#desks = desks;
    this.#moves = moves;
    this.#bitcoins = new Map(symbols.map((symbol) => [symbol, bitcoinOf(symbol, symbols)]));
  }

  /** @throws RangeError for a symbol that is not traded. */
  desk(symbol: string): SymbolDesk {
    const desk = this.#desks.get(symbol);
    if (desk === undefined) throw new RangeError(`${symbol} is not traded here`);
    return desk;
  }

  /** Takes a closed bar: the symbol's features are those of this bar from now on. */
  close(symbol: string, bar: Candle): SymbolDesk {
    const desk = this.desk(symbol);
    if (isBitcoin(symbol)) this.#bitcoinBars.set(symbol, bar);
    this.#moves.close(symbol, bar.openTime, bar.close);
    desk.close(bar, { btcCandle: this.#bitcoinBarOf(symbol, bar) });
    return desk;
  }

  /** Takes bars that closed before the loop began, in order over all symbols, for the features' sake only. */
  warmUp(bars: ReadonlyMap<string, readonly Candle[]>): void {
    const inOrder = [...bars].flatMap(([symbol, candles]) => candles.map((candle) => ({ symbol, candle })));
    inOrder.sort((a, b) => a.candle.openTime - b.candle.openTime || bitcoinFirst(a.symbol, b.symbol));
    for (const { symbol, candle } of inOrder) this.close(symbol, candle);
  }

  #bitcoinBarOf(symbol: string, bar: Candle): Candle | undefined {
    const bitcoin = this.#bitcoins.get(symbol);
    const found = bitcoin === undefined ? undefined : this.#bitcoinBars.get(bitcoin);
    // Bitcoin's bar of another time would be another market's context: better none.
    return found?.openTime === bar.openTime ? found : undefined;
  }
}
