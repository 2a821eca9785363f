import { z } from 'zod';
import {
  type AccountEvent,
  type AccountEventKind,
  type AccountSnapshot,
  accountEventId,
  asBase,
  assetAmount,
  type BaseAmount,
  negate,
  notional,
  type Price,
  price,
  type UtcMs,
  VenueError,
} from '../../../domain/index.ts';
import type { LedgerWords } from './dialect.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { listOf, parsed, type ReadingContext, readAssets, readPosition } from './reading.ts';

const EntryReply = z.object({
  id: z.string().min(1),
  currency: z.string().min(1),
  amount: z.string(),
  direction: z.enum(['in', 'out']),
  timestamp: z.number(),
  info: z.record(z.string(), z.unknown()),
});
type Entry = z.infer<typeof EntryReply>;

const FundingReply = z.object({
  id: z.string().nullish(),
  code: z.string().min(1),
  amount: z.string(),
  timestamp: z.number(),
});

const ONE = price(1);
/** Of payments of funding: three a day for a month. */
const FUNDING_LIMIT = 100;
const FUNDING_LOOK_BACK_MS = 30 * 86_400_000;

/** Asks what the account holds, and what moved its money besides trades. */
export class AccountCalls {
  readonly #ccxt: HardenedCcxt;
  readonly #context: ReadingContext;
  /** The account's currency. */
  readonly #quote: string;

  constructor(ccxt: HardenedCcxt, context: ReadingContext, quote: string) {
    this.#ccxt = ccxt;
    this.#context = context;
    this.#quote = quote;
  }

  async snapshot(isUrgent = false): Promise<AccountSnapshot> {
    const { api, calls } = this.#ccxt;
    const [balance, positions] = await Promise.all([
      calls.make(() => api.fetchBalance(), isUrgent),
      this.#positions(isUrgent),
    ]);
    return { time: this.#context.now(), assets: readAssets(balance, this.#context.dialect.money), positions };
  }

  /** Oldest first, each once. @param symbols those that are asked about where the venue has no list of all. */
  async events(since: UtcMs, symbols: readonly string[]): Promise<readonly AccountEvent[]> {
    const { ledger, hasFundingHistory } = this.#context.dialect;
    if (ledger === null) return hasFundingHistory ? this.#funding(since, symbols) : [];
    const entries = new Map<string, Entry>();
    const now = this.#context.now();
    for (let from = Math.max(since, now - ledger.lookBackMs); from <= now; ) {
      const page = await this.#page(from, ledger);
      for (const entry of page) entries.set(idOf(entry, ledger), entry);
      const last = page.at(-1);
      const isFull = page.length >= ledger.limit && last !== undefined && last.timestamp > from;
      from = isFull ? last.timestamp : from + ledger.windowMs;
    }
    const { account } = this.#context.dialect.profile;
    // In a shared account what the trader moves is his own: what is ours of it changes by his word alone.
    const isOurs = (type: string): boolean => account === 'ours' || type !== ledger.transfer;
    return [...entries.values()]
      .filter(({ info }) => {
        const type = String(info[ledger.typeField]);
        return !ledger.trades.has(type) && isOurs(type);
      })
      .sort((a, b) => a.timestamp - b.timestamp)
      .map((entry) => this.#eventOf(entry, ledger));
  }

  async #funding(since: UtcMs, symbols: readonly string[]): Promise<readonly AccountEvent[]> {
    const { api, calls } = this.#ccxt;
    const from = Math.max(since, this.#context.now() - FUNDING_LOOK_BACK_MS);
    const listed = symbols.filter((symbol) => this.#context.instrument(symbol) !== undefined);
    const events: AccountEvent[] = [];
    for (const symbol of listed) {
      const reply = await calls.make(() => api.fetchFundingHistory(symbol, from, FUNDING_LIMIT));
      for (const row of listOf(reply, (each) => parsed(FundingReply, 'funding', each))) {
        const { code: asset, timestamp: time } = row;
        const amount = assetAmount(row.amount);
        events.push({
          id: accountEventId(`funding:${symbol}:${row.id ?? time}`),
          kind: 'funding',
          ...{ asset, amount, time },
          quoteValue: notional(this.#worthOf(asset), asBase(amount)),
          symbol: null,
          tradeId: null,
          note: 'funding',
        });
      }
    }
    return events.sort((a, b) => a.time - b.time);
  }

  async #positions(isUrgent: boolean): Promise<ReadonlyMap<string, BaseAmount>> {
    const { api, calls } = this.#ccxt;
    if (this.#context.dialect.markets === 'spot') return new Map();
    const reply = await calls.make(() => api.fetchPositions(), isUrgent);
    const rows = listOf(reply, (row) => readPosition(row, this.#context)).filter(
      ([, held]) => !held.isZero(),
    );
    const positions = new Map(rows);
    if (positions.size === rows.length) return positions;
    throw new VenueError(
      'uncertain',
      `${api.name} holds long and short positions apart: switch it to one-way mode`,
    );
  }

  async #page(since: UtcMs, { limit }: LedgerWords): Promise<readonly Entry[]> {
    const { api, calls } = this.#ccxt;
    const reply = await calls.make(() => api.fetchLedger(undefined, since, limit));
    return listOf(reply, (row) => parsed(EntryReply, 'list of movements', row));
  }

  #eventOf(entry: Entry, ledger: LedgerWords): AccountEvent {
    const { currency: asset, timestamp: time, info } = entry;
    const size = assetAmount(entry.amount);
    const amount = entry.direction === 'out' ? negate(size) : size;
    const type = String(info[ledger.typeField]);
    return {
      id: accountEventId(idOf(entry, ledger)),
      kind: kindOf(type, entry, ledger),
      asset,
      amount,
      quoteValue: notional(this.#worthOf(asset), asBase(amount)),
      symbol: null,
      tradeId: null,
      time,
      note: type.toLowerCase().replaceAll('_', ' '),
    };
  }

  /** An asset whose worth nobody knows moves no profit; its amount is booked all the same. */
  #worthOf(asset: string): Price {
    return asset === this.#quote ? ONE : (this.#context.worthOf(asset) ?? price(0));
  }
}

/** Several movements can share a number where they come of one. */
function idOf({ id, currency, info }: Entry, { typeField }: LedgerWords): string {
  return `${String(info[typeField])}:${id}:${currency}`;
}

function kindOf(type: string, { direction }: Entry, { funding, transfer }: LedgerWords): AccountEventKind {
  if (type === funding) return 'funding';
  if (type !== transfer) return 'external';
  return direction === 'in' ? 'deposit' : 'withdrawal';
}
