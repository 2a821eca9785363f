import { parseArgs } from 'node:util';
import { VenueClock } from './clock/venue-clock.ts';
import { FAULTS, type FaultName } from './faults/fault.ts';
import { seededFaults } from './faults/seeded-faults.ts';
import { startVenue } from './start-venue.ts';

const USAGE = `npm run -s venue -- [--port 8300] [--seed 1] [--speed 1] [--dialect binance-spot|binance-usdm]
                  [--symbol BTC/USDT ...] [--history 10080] [--faults MINUTES]

A local exchange for developers: its own market, its own clock, no network. --history is in one-minute bars from
before the opening, --faults raises seeded faults over so many minutes. Faults: ${Object.keys(FAULTS).join(', ')}`;

const PACE_MS = 50;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8300' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '1' },
    dialect: { type: 'string', default: 'binance-spot' },
    symbol: { type: 'string', multiple: true, default: ['BTC/USDT', 'ETH/USDT'] },
    history: { type: 'string', default: '10080' },
    faults: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function serve(): Promise<void> {
  const isFutures = values.dialect === 'binance-usdm';
  const [seed, speed] = [Number(values.seed), Number(values.speed)];
  const clock = new VenueClock(Date.now());
  const minutes = values.faults === undefined ? 0 : Number(values.faults);
  const venue = await startVenue({
    ...{ seed, clock, dialect: isFutures ? 'binance-usdm' : 'binance-spot', symbols: values.symbol },
    ...{ port: Number(values.port), historyBars: Number(values.history) },
    faults: seededFaults(seed, minutes * 60_000, Object.keys(FAULTS) as FaultName[]),
  });
  const settings = {
    ...{ mode: 'sandbox', symbols: values.symbol.map((name) => (isFutures ? `${name}:USDT` : name)) },
    timeframe: '1m',
    exchange: {
      id: isFutures ? 'binanceusdm' : 'binance',
      endpoint: { rest: venue.restUrl, ws: venue.wsUrl },
    },
  };
  say(
    `The local venue speaks ${values.dialect} at ${venue.restUrl}, seed ${seed}, ${speed} times real time.`,
  );
  say('Settings to paste:');
  say(JSON.stringify(settings, null, 2));
  say('Keys:');
  say(`  exchange.${settings.exchange.id}.apiKey  ${venue.apiKey}`);
  say(`  exchange.${settings.exchange.id}.secret  ${venue.secret}`);
  const [startedAt, opensAt] = [performance.now(), clock.now()];
  const pace = setInterval(
    () => clock.advanceTo(opensAt + Math.floor((performance.now() - startedAt) * speed)),
    PACE_MS,
  );
  process.once('SIGINT', () => {
    clearInterval(pace);
    void venue.close();
  });
}

if (values.help) say(USAGE);
else await serve();
