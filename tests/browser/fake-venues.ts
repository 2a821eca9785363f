import {
  CallError,
  type CheckStep,
  type MethodName,
  type MethodParsedParams,
  type MethodResult,
  type SecretView,
  type StartupView,
  type VenueView,
} from '../../core/contract/index.ts';

type VenueMethod = Extract<MethodName, `venues.${string}`>;
type VenueAnswers = { [N in VenueMethod]: (params: MethodParsedParams<N>) => MethodResult<N> };

const venue = (id: string, name: string, changes: Partial<VenueView> = {}): VenueView => ({
  id,
  name,
  markets: ['spot', 'perpetual'],
  credentials: ['apiKey', 'secret'],
  hasTestNetwork: true,
  isTraded: false,
  isProven: false,
  refusals: [],
  ...changes,
});

const VENUES: readonly VenueView[] = [
  venue('binance', 'Binance', { markets: ['spot'], isTraded: true, isProven: true }),
  venue('binanceusdm', 'Binance USDⓈ-M', {
    ...{ markets: ['perpetual'], isTraded: true, isProven: true, hasTestNetwork: false },
  }),
  venue('bitstamp', 'Bitstamp', {
    ...{ markets: ['spot'], hasTestNetwork: false, refusals: ['spot: Bitstamp tells no trades of ours'] },
  }),
  venue('kraken', 'Kraken', { markets: ['spot'] }),
  venue('okx', 'OKX', { credentials: ['apiKey', 'secret', 'password'], isTraded: true }),
  ...Array.from({ length: 60 }, (_, index) => venue(`venue${index}`, `Venue number ${index + 1}`)),
];

const good = (step: CheckStep['step'], message: string): CheckStep => ({ step, state: 'good', message });

/** Venues that answer as a page needs them to; nothing is started. */
export function fakeVenues(startup: (view: StartupView) => void): VenueAnswers {
  const kept = new Set<string>();
  const keysOf = (exchange: string): SecretView[] =>
    (VENUES.find(({ id }) => id === exchange)?.credentials ?? []).map((credential) => {
      const name = `exchange.${exchange}.${credential}`;
      return { name, credential, source: kept.has(name) ? 'memory' : null };
    });
  return {
    'venues.list': () => [...VENUES],
    'venues.keys': ({ exchange }) => keysOf(exchange),
    'venues.keepKey': ({ exchange, credential }) => {
      kept.add(`exchange.${exchange}.${credential}`);
      return keysOf(exchange);
    },
    'venues.forgetKey': ({ exchange, credential }) => {
      kept.delete(`exchange.${exchange}.${credential}`);
      return keysOf(exchange);
    },
    'venues.check': ({ choice, mode }) => {
      const { exchange, symbols } = choice;
      const missing = mode === 'sandbox' && keysOf(exchange).some(({ source }) => source === null);
      const steps: CheckStep[] = [
        good('line', `${exchange} answers at its own address and lists 2104 markets`),
        {
          step: 'clock',
          state: 'warning',
          message: "This machine's clock is 4.2 s ahead of the venue's: set it, or nothing is entered",
        },
        good('symbols', `${symbols.join(', ')} can be traded there`),
        good('candles', `${choice.timeframe} candles of ${symbols[0]} arrive`),
        good('fees', 'An order that waits costs 0.1 %, one that fills at once 0.1 %'),
        mode === 'paper'
          ? { step: 'keys', state: 'skipped', message: 'Not needed on paper: no order leaves this machine' }
          : {
              step: 'keys',
              state: missing ? 'failed' : 'good',
              message: missing ? 'Some keys are missing: enter them above' : 'The venue takes the keys',
            },
      ];
      return { steps, ready: !missing };
    },
    'venues.giveUp': () => {
      const view: StartupView = {
        ...{ run: 1, state: 'running', mode: 'demo', failed: true },
        message: 'you gave it up. The program runs in the demo instead',
      };
      startup(view);
      return view;
    },
    'venues.start': ({ choice, mode, leavePositions }) => {
      if (choice.exchange === 'okx' && !leavePositions)
        throw new CallError(
          'CONFIRMATION_REQUIRED',
          'One position is open in the sandbox: until the sandbox is started again nothing watches it but stops at the venue',
        );
      const view: StartupView = {
        ...{ run: 1, state: 'starting', mode, failed: false },
        message: 'BTC/USDT: 500 of 1000 bars to warm up with',
      };
      startup(view);
      return view;
    },
  };
}
