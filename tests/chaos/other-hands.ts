import {
  type AccountEvent,
  type AccountEventKind,
  accountEventId,
  asBase,
  assetAmount,
  type BaseAmount,
  baseAmount,
  clientOrderId,
  floorTo,
  type Instrument,
  minimum,
  price,
  quoteAmount,
  scale,
  subtract,
  text,
  VenueError,
  ZERO_BASE,
} from '../../core/domain/index.ts';
import { Dice } from './dice.ts';
import type { NastyVenue } from './nasty-venue.ts';
import { BAR_MS, CAPITAL } from './scenario.ts';
import type { OrderTerms, Origin, TrueOrder } from './venue/true-order.ts';

/** Funding of a perpetual, as a share of its worth. */
const FUNDING_RATE = 0.0001;
const FUNDING_EVERY_MS = 5 * BAR_MS;
/** What moves before the books were opened is part of what they open with. */
const BOOKS_ARE_OPEN_MS = 3.5 * BAR_MS;

/**
 * Everybody but the engine: a human who trades by hand on the same account, deposits and withdrawals, the venue that
 * takes funding and deleverages. All of it is planned by the seed and over when the faults end.
 */
export class OtherHands {
  readonly #venue: NastyVenue;
  readonly #dice: Dice;
  #events = 0;

  constructor(venue: NastyVenue) {
    this.#venue = venue;
    this.#dice = new Dice(venue.scenario.seed).fork('other hands');
  }

  /** Plans everything that they will do. */
  begin(): void {
    const { humanActs, transfers, deleveragings } = this.#venue.scenario.troubles;
    this.#plan(humanActs, () => this.#actByHand());
    this.#plan(transfers, () => this.#transfer());
    this.#plan(deleveragings, () => this.#deleverage());
    this.#fundingLater();
  }

  /** What a human has working is taken back. */
  goHome(): void {
    const { matcher } = this.#venue;
    for (const order of matcher.working.filter(({ origin }) => origin.hand === 'human')) {
      matcher.cancel(order, 'taken back');
    }
  }

  #plan(count: number, act: () => void): void {
    const { time, scenario } = this.#venue;
    for (let index = 0; index < count; index += 1) {
      time.after(this.#dice.between(BOOKS_ARE_OPEN_MS, scenario.faultsEnd - time.now() - 1_000), act);
    }
  }

  #actByHand(): void {
    const { scenario, markets, matcher } = this.#venue;
    const market = markets.get(this.#dice.pick(scenario.symbols));
    if (market === undefined) return;
    const own = matcher.working.filter(({ origin }) => origin.hand === 'human');
    if (own.length > 0 && this.#dice.chance(0.4)) {
      matcher.cancel(this.#dice.pick(own), 'cancelled by hand');
      return;
    }
    if (this.#dice.chance(0.15)) this.#cancelOneOfOurs();
    else if (market.kind === 'perpetual' || scenario.profile.account === 'shared') this.#orderByHand(market);
  }

  /** A human sees a stop that he does not know, and takes it away. */
  #cancelOneOfOurs(): void {
    const stops = this.#venue.matcher.working.filter(
      ({ isRestingStop, origin }) => isRestingStop && origin.hand === 'ours',
    );
    if (stops.length > 0) this.#venue.matcher.cancel(this.#dice.pick(stops), 'cancelled by hand');
  }

  #orderByHand(market: Instrument): void {
    const { symbol, kind, lotSize, tickSize } = market;
    const side = this.#dice.pick(['buy', 'sell'] as const);
    const now = price(this.#venue.priceOf(symbol));
    const worth = quoteAmount(this.#dice.whole(60, 900));
    const wanted = floorTo(baseAmount(worth.div(now).toFixed()), lotSize);
    const amount =
      kind === 'spot' && side === 'sell'
        ? minimum(wanted, floorTo(this.#humanCoins(market), lotSize))
        : wanted;
    const away = scale(now, this.#dice.between(0.97, 1.03));
    const limitPrice = this.#dice.chance(0.5) ? floorTo(away, tickSize) : null;
    const withId = this.#dice.chance(0.5);
    this.#tryOrder({
      ...{ symbol, side, amount, limitPrice },
      clientOrderId: withId ? clientOrderId(`web_${this.#venue.matcher.orders.length}`) : null,
      type: limitPrice === null ? 'market' : 'limit',
      stopPrice: null,
      reduceOnly: kind === 'perpetual' && this.#dice.chance(0.3),
      expiresAt: null,
    });
  }

  /** Coins that are the human's and that no order of his holds. */
  #humanCoins({ symbol, base }: Instrument): BaseAmount {
    const { account, matcher } = this.#venue;
    const free = asBase(account.free(base, matcher.working));
    const held = matcher.working
      .filter(
        ({ origin, terms }) => origin.hand === 'ours' && terms.symbol === symbol && terms.side === 'sell',
      )
      .reduce((sum, { remaining }) => baseAmount(sum.plus(remaining).toFixed()), ZERO_BASE);
    const ours = subtract(account.ours(symbol), held);
    return ours.gt(0) ? subtract(free, ours) : free;
  }

  #tryOrder(terms: OrderTerms): TrueOrder | undefined {
    const origin: Origin = {
      hand: 'human',
      purpose: null,
      decisionId: null,
      leftAt: this.#venue.time.now(),
      parent: null,
    };
    try {
      return this.#venue.accept(terms, origin);
    } catch (error) {
      if (error instanceof VenueError) return undefined; // A human is refused like anybody, and shrugs.
      throw error;
    }
  }

  /** Only on an account that is ours alone: on a shared one nobody can say whose money moves. */
  #transfer(): void {
    const { profile } = this.#venue.scenario;
    if (profile.account !== 'ours') return;
    const amount = scale(assetAmount(CAPITAL), this.#dice.between(0.005, 0.05));
    const rounded = assetAmount(amount.toFixed(2));
    const deposit = this.#dice.chance(0.6);
    this.#moveMoney(deposit ? 'deposit' : 'withdrawal', scale(rounded, deposit ? 1 : -1), null);
  }

  #deleverage(): void {
    const { markets, account, matcher } = this.#venue;
    const open = [...markets.keys()].filter((symbol) => !account.position(symbol).isZero());
    if (open.length > 0) matcher.deleverage(this.#dice.pick(open), this.#dice.between(0.2, 1));
  }

  #fundingLater(): void {
    const { time, scenario } = this.#venue;
    time.after(FUNDING_EVERY_MS, () => {
      if (time.now() >= scenario.faultsEnd) return;
      this.#takeFunding();
      this.#fundingLater();
    });
  }

  #takeFunding(): void {
    const { markets, account } = this.#venue;
    for (const symbol of markets.keys()) {
      const worth = account.position(symbol).times(this.#venue.priceOf(symbol));
      const amount = assetAmount(worth.times(-FUNDING_RATE).toFixed(8));
      if (!amount.isZero()) this.#moveMoney('funding', amount, symbol);
    }
  }

  #moveMoney(kind: AccountEventKind, amount: AccountEvent['amount'], symbol: string | null): void {
    this.#events += 1;
    this.#venue.moveMoney({
      id: accountEventId(`${kind}-${this.#events}`),
      ...{ kind, amount, symbol },
      asset: 'USDT',
      quoteValue: quoteAmount(text(amount)),
      tradeId: null,
      time: this.#venue.time.now(),
      note: `${kind} at the venue`,
    });
  }
}
