import type { MethodName } from '../contract/index.ts';

const BAR = 1_735_689_600_000;
const VENUE = {
  exchange: 'binance',
  symbols: ['BTC/USDT'],
  timeframe: '1h',
  endpoint: null,
  proxy: null,
};
const PROMPT = '---\nversion: mine-1\n---\nArgue for a rise, from the brief alone.';

/** Parameters as a trader would send them, of the methods that take any. */
export const CALL_EXAMPLES: Readonly<Partial<Record<MethodName, unknown>>> = {
  'alerts.acknowledge': { id: '1735689600000-1' },
  'alerts.test': { channel: 'slack' },
  'arena.promote': { name: 'trend', confirmation: 'PROMOTE' },
  'breaker.release': { confirmation: 'RELEASE' },
  'candles.history': { symbol: 'BTC/USDT', limit: 100 },
  'decisions.calls': { id: 'BTC/USDT-1735689600000' },
  'decisions.get': { id: 'BTC/USDT-1735689600000' },
  'decisions.list': { symbol: 'BTC/USDT', outcome: 'traded', limit: 20 },
  'features.inspect': { symbol: 'BTC/USDT', barOpenTime: BAR },
  'hindsight.decision': { id: 'BTC/USDT-1735689600000' },
  'killSwitch.activate': { reason: 'the desk is on fire' },
  'killSwitch.reset': { confirmation: 'RESET' },
  'limits.change': { name: 'maxPositions', value: 2 },
  'live.arm': { venue: 'binance', noWithdrawals: true },
  'models.latest': { symbol: 'BTC/USDT' },
  'models.use': { setId: '2024-12-31' },
  'orders.list': { symbol: 'BTC/USDT', limit: 20 },
  'prompts.replay': { name: 'bull', source: PROMPT, last: 5 },
  'prompts.reset': { name: 'bull' },
  'prompts.save': { name: 'bull', source: PROMPT },
  'symbols.lock': { symbol: 'BTC/USDT', until: BAR, reason: 'a hard fork' },
  'symbols.unlock': { symbol: 'BTC/USDT' },
  'trades.annotate': { id: 'BTC/USDT-1', note: 'moved the stop by hand', tags: ['by-hand'] },
  'trades.find': { symbol: 'BTC/USDT', outcome: 'won', limit: 20 },
  'trades.list': { symbol: 'BTC/USDT', limit: 20 },
  'trades.totals': { by: 'month' },
  'trading.pause': { reason: 'news at three' },
  'venues.check': { choice: VENUE, mode: 'paper' },
  'venues.forgetKey': { exchange: 'binance', credential: 'apiKey' },
  'venues.keepKey': { exchange: 'binance', credential: 'apiKey', value: 'of the venue' },
  'venues.keys': { exchange: 'binance' },
  'venues.start': { choice: VENUE, mode: 'paper' },
};
