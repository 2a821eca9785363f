import { VirtualTimers } from '../../../../../tests/contracts/virtual-timers.ts';
import { clientOrderId, price } from '../../../../domain/index.ts';
import { CallTimes } from '../call-times.ts';
import { Calls } from '../calls.ts';
import type { CcxtApi } from '../ccxt-api.ts';
import type { Dialect } from '../dialect.ts';
import { dialectOf } from '../dialects.ts';
import { VenueReplyError } from '../faults.ts';
import { readMarket, TICK_SIZE } from '../markets.ts';
import type { HardenedCcxt } from '../open-ccxt.ts';
import { RateBudget } from '../rate-budget.ts';
import type { ReadingContext } from '../reading.ts';

type Call = readonly unknown[];
type Answer = unknown;

/** A ccxt instance that answers as a test says, and remembers what it was asked. */
export interface FakeCcxt extends HardenedCcxt {
  readonly asked: Call[];
  /** What a call answers: a value, an error to throw, or what a function of its arguments says. */
  answers(name: string, answer: Answer): void;
}

export function fakeCcxt(): FakeCcxt {
  const asked: Call[] = [];
  const answers = new Map<string, Answer>();
  const api = new Proxy(
    { id: 'fake', name: 'Fake', options: {}, precisionMode: TICK_SIZE },
    {
      get(own, name) {
        if (name in own) return Reflect.get(own, name) as unknown;
        return async (...given: unknown[]) => {
          asked.push([String(name), ...given]);
          const answer = answers.get(String(name));
          const said = typeof answer === 'function' ? (answer(...given) as unknown) : answer;
          if (said instanceof Error) throw said;
          return said;
        };
      },
    },
  );
  return {
    // A stand-in for the calls that a test makes: whatever it does not answer for is undefined.
    api: api as unknown as CcxtApi,
    calls: new Calls('Fake'),
    budget: new RateBudget({ timers: new VirtualTimers(), unitsPerMinute: 4_000, hasReserve: false }),
    times: new CallTimes(new VirtualTimers()),
    asked,
    answers: (name, answer) => answers.set(name, answer),
  };
}

export function knownDialect(id: string): Dialect {
  const dialect = dialectOf(id);
  if (dialect === undefined) throw new Error(`${id} has no dialect`);
  return dialect;
}

/** A venue that lists `BTC/USDT` and its perpetual, of which a contract is a hundredth of a coin. */
export function contextOf(dialect: Dialect, now = 9_000): ReadingContext {
  const filters = { precision: { amount: '0.001', price: '0.1' }, limits: {} };
  const markets = [
    readMarket('BTC/USDT', filters, TICK_SIZE),
    readMarket('BTC/USDT:USDT', { ...filters, contractSize: '0.01' }, TICK_SIZE),
  ];
  return {
    dialect,
    now: () => now,
    instrument: (symbol) => markets.find((market) => market?.symbol === symbol),
    ownIdOf: (_symbol, id) => (id === '99' ? clientOrderId('sOurs') : null),
    worthOf: (asset) => (asset === 'BNB' ? price(600) : null),
  };
}

/** The venue says no, with a code of its own. */
export const refusal = (code: string): VenueReplyError =>
  new VenueReplyError('rejected', code, `says ${code}`);

export const orderRow = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: '17',
  clientOrderId: 'sAbC',
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'limit',
  amount: '0.5',
  filled: '0',
  price: '100.1',
  status: 'open',
  timestamp: 1_000,
  info: {},
  ...changes,
});

export const tradeRow = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: '5',
  order: '17',
  symbol: 'BTC/USDT',
  side: 'sell',
  price: '100',
  amount: '0.5',
  takerOrMaker: 'maker',
  fee: { currency: 'USDT', cost: '0.05' },
  timestamp: 3_000,
  ...changes,
});
