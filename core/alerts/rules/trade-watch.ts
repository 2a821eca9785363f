import type { PositionView, TradeView } from '../../contract/index.ts';
import type { AlertRaiser } from './rule-watch.ts';

type OpenPosition = Pick<
  PositionView,
  'symbol' | 'quantity' | 'averageEntryPrice' | 'stopPrice' | 'openedAt'
>;
type Opened = Pick<PositionView, 'symbol' | 'openedAt'>;
type ClosedTrade = Pick<
  TradeView,
  | 'id'
  | 'symbol'
  | 'direction'
  | 'quantity'
  | 'entryPrice'
  | 'exitPrice'
  | 'netPnl'
  | 'returnPct'
  | 'exitPurpose'
>;

/** In a market that is let run fast they come by the hundred: more than these in one look are told as one. */
const MOST_AT_ONCE = 3;

const EXITS: Readonly<Record<TradeView['exitPurpose'], string>> = {
  entry: '',
  exit: 'by the strategy',
  protection: 'by its stop',
  emergency: 'by the emergency stop',
  external: 'not by this program',
};

/** Tells of trades that were opened, and of closed ones with their result. */
export class TradeWatch {
  readonly #alerts: Pick<AlertRaiser, 'raise'>;
  /** The account's currency. */
  readonly #quote: string;
  /** When each position that was told of was opened, by symbol. */
  #known: ReadonlyMap<string, number>;
  #closed: readonly ClosedTrade[] = [];

  /** @param open what is open already, and no news. */
  constructor(alerts: Pick<AlertRaiser, 'raise'>, quote: string, open: readonly Opened[]) {
    this.#alerts = alerts;
    this.#quote = quote;
    this.#known = new Map(open.map(({ symbol, openedAt }) => [symbol, openedAt]));
  }

  /** A round trip has ended. Only notes it. */
  closed(trade: ClosedTrade): void {
    this.#closed = [...this.#closed, trade];
  }

  /**
   * Tells what has happened since the last look.
   *
   * @param positions those with a price; of `open` the others are told of when they have one.
   */
  look(positions: readonly OpenPosition[], open: readonly Opened[]): void {
    const known = this.#known;
    const shown = new Set(positions.map(({ symbol }) => symbol));
    this.#known = new Map(
      open
        .filter(({ symbol, openedAt }) => shown.has(symbol) || known.get(symbol) === openedAt)
        .map(({ symbol, openedAt }) => [symbol, openedAt]),
    );
    this.#tellOpened(positions.filter(({ symbol, openedAt }) => known.get(symbol) !== openedAt));
    const closed = this.#closed;
    this.#closed = [];
    const [stopped, other] = [closed.filter(isStop), closed.filter((trade) => !isStop(trade))];
    this.#tellClosed(stopped, 'stop-hit');
    this.#tellClosed(other, 'trade-closed');
  }

  #tellOpened(positions: readonly OpenPosition[]): void {
    const lines = positions.map(openedWords);
    const rule = 'trade-opened';
    if (lines.length > MOST_AT_ONCE) {
      this.#raise('info', `${lines.length} trades opened`, lines.join('; '), rule);
      return;
    }
    for (const line of lines) this.#raise('info', 'Trade opened', line, rule);
  }

  #tellClosed(trades: readonly ClosedTrade[], rule: 'stop-hit' | 'trade-closed'): void {
    const isStopped = rule === 'stop-hit';
    const severity = isStopped ? 'warning' : 'info';
    const lines = trades.map((trade) => this.#closedWords(trade));
    if (lines.length > MOST_AT_ONCE) {
      const title = isStopped ? `${lines.length} stops hit` : `${lines.length} trades closed`;
      this.#raise(severity, title, lines.join('; '), rule);
      return;
    }
    for (const line of lines) this.#raise(severity, isStopped ? 'Stop hit' : 'Trade closed', line, rule);
  }

  #closedWords(trade: ClosedTrade): string {
    const { symbol, direction, quantity, entryPrice, exitPrice, netPnl, returnPct, exitPurpose } = trade;
    const sign = netPnl.startsWith('-') ? '' : '+';
    const result = `${sign}${netPnl} ${this.#quote} net (${sign}${returnPct.toFixed(2)} %)`;
    return `${symbol} ${direction} ${quantity}, ${entryPrice} to ${exitPrice}: ${result}, closed ${EXITS[exitPurpose]}`.trim();
  }

  #raise(
    severity: 'info' | 'warning',
    title: string,
    message: string,
    rule: 'trade-opened' | 'trade-closed' | 'stop-hit',
  ): void {
    this.#alerts.raise(severity, title, message, { rule, key: `${title} ${message}` });
  }
}

function isStop({ exitPurpose }: ClosedTrade): boolean {
  return exitPurpose === 'protection';
}

function openedWords({ symbol, quantity, averageEntryPrice, stopPrice }: OpenPosition): string {
  const [direction, amount] = quantity.startsWith('-') ? ['short', quantity.slice(1)] : ['long', quantity];
  const stop = stopPrice === null ? 'no stop yet' : `stop at ${stopPrice}`;
  return `${symbol} ${direction} ${amount} at ${averageEntryPrice}, ${stop}`;
}
