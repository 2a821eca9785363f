import type {
  AccountEvent,
  AccountSnapshot,
  FillPage,
  FillQuery,
  OrderLookup,
  OrderRef,
  UtcMs,
  VenueOrder,
} from '../../../core/domain/index.ts';
import type { Conditions } from '../conditions.ts';
import type { Dice } from '../dice.ts';
import type { Scenario } from '../scenario.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Matcher } from './matcher.ts';
import type { TrueAccount } from './true-account.ts';
import { toldFill } from './true-fill.ts';
import { isWorking, type TrueOrder } from './true-order.ts';

export interface RecordsOptions {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly scenario: Scenario;
  readonly conditions: Conditions;
  readonly matcher: Matcher;
  readonly account: TrueAccount;
  readonly accountEvents: readonly AccountEvent[];
}

/**
 * What the venue says when it is asked: pages of lists and answers to look-ups, each from a node of its own that may be
 * behind, and nothing any more of what is too old.
 */
export class Records {
  readonly #options: RecordsOptions;
  /** Orders of which anything was ever told, to whatever process. Each symbol counts its own. */
  readonly #told = new Set<string>();

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  /** The newest order that goes by this name: where an id was used again, the one that works. */
  find({ symbol, clientOrderId, venueOrderId }: OrderRef): TrueOrder | undefined {
    const named = this.#options.matcher.orders.filter(
      (order) =>
        order.terms.symbol === symbol &&
        (venueOrderId !== null
          ? order.venueOrderId === venueOrderId
          : clientOrderId !== null && order.terms.clientOrderId === clientOrderId),
    );
    return named.find(({ working }) => working) ?? named.at(-1);
  }

  lookUp(ref: OrderRef): OrderLookup {
    const { lookUpLagMs, purgeAfterMs } = this.#options.scenario.traits;
    const asOf = this.#node(lookUpLagMs);
    const order = this.find(ref);
    const version = order?.asOf(asOf);
    if (order === undefined || version === undefined) return { kind: 'absent' };
    const { endedAt } = order;
    if (purgeAfterMs !== null && endedAt !== null && endedAt + purgeAfterMs < asOf) {
      return { kind: 'cannot-tell', reason: 'the order is too old to be told' };
    }
    this.noteTold(version);
    return { kind: 'found', order: version };
  }

  noteTold({ symbol, venueOrderId }: Pick<VenueOrder, 'symbol' | 'venueOrderId'>): void {
    this.#told.add(`${symbol} ${venueOrderId}`);
  }

  /**
   * Whether nobody can find out whose order it was: a stop's child without an id of ours, of which nothing was told while it
   * was there, as when no program ran, and which is too old to be told now.
   */
  isBeyondAsking({ origin, terms, endedAt, venueOrderId }: TrueOrder): boolean {
    const { purgeAfterMs } = this.#options.scenario.traits;
    const isNameless = origin.parent !== null && terms.clientOrderId === null;
    const isGone =
      purgeAfterMs !== null && endedAt !== null && endedAt + purgeAfterMs < this.#options.time.now();
    return isNameless && isGone && !this.#told.has(`${terms.symbol} ${venueOrderId}`);
  }

  openOrders(): readonly VenueOrder[] {
    const asOf = this.#listedAt();
    const working = this.#options.matcher.orders
      .flatMap((order) => order.asOf(asOf) ?? [])
      .filter((version) => isWorking(version));
    for (const version of working) this.noteTold(version);
    return working;
  }

  fills({ symbol, cursor, since }: FillQuery): FillPage {
    const { time, scenario, matcher } = this.#options;
    const { pageSize } = scenario.traits;
    const { fillsLookBackMs } = scenario.profile;
    const asOf = this.#listedAt();
    const oldest = fillsLookBackMs === null ? 0 : time.now() - fillsLookBackMs;
    const after = cursor === null ? 0 : Number(cursor);
    const listed = matcher.fills.filter(
      ({ sequence, fill }) =>
        fill.symbol === symbol &&
        sequence > after &&
        fill.time <= asOf &&
        fill.time >= oldest &&
        (cursor !== null || fill.time >= since),
    );
    const page = listed.slice(0, pageSize);
    const last = page.at(-1);
    return {
      fills: page.map(toldFill),
      cursor: last === undefined ? cursor : `${last.sequence}`,
      more: listed.length > page.length,
    };
  }

  account(): AccountSnapshot {
    return this.#options.account.asOf(this.#listedAt());
  }

  accountEvents(since: UtcMs): readonly AccountEvent[] {
    const asOf = this.#listedAt();
    return this.#options.accountEvents.filter(({ time }) => time >= since && time <= asOf);
  }

  #listedAt(): UtcMs {
    return this.#node(this.#options.scenario.traits.listLagMs);
  }

  /** The moment whose state a node shows: now, or some while ago. Calls go to different nodes. */
  #node(lagMs: number): UtcMs {
    const { time, dice, scenario, conditions } = this.#options;
    const now = time.now();
    if (lagMs === 0 || now >= scenario.faultsEnd) return now;
    const isBehind = dice.chance(conditions.storm.holds(now) ? 0.6 : 0.15);
    return isBehind ? now - dice.between(0, lagMs) : now;
  }
}
