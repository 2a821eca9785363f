import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startVenue, VenueClock } from '../venue/index.ts';
import { RunningProgram, temporaryFolder, tradebotBeside } from './program.ts';
import { showOnLadder } from './program-at-venue.ts';

const TICK_MS = 50;

/** The program in live mode at a venue of this process, which lives in real time. */
async function liveProgram() {
  const clock = new VenueClock(Date.now());
  const venue = await startVenue({ clock, symbols: ['BTC/USDT'], historyBars: 1_100 });
  onTestFinished(() => venue.close());
  const pace = setInterval(() => clock.advanceTo(Date.now()), TICK_MS);
  onTestFinished(() => clearInterval(pace));
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const config = join(folder.path, 'settings.json');
  const endpoint = { rest: venue.restUrl, ws: venue.wsUrl };
  const settings = {
    mode: 'live',
    symbols: ['BTC/USDT'],
    timeframe: '1m',
    capital: '500',
    exchange: { endpoint },
  };
  writeFileSync(config, JSON.stringify(settings));
  const keys = {
    TRADEBOT_SECRET_EXCHANGE_BINANCE_APIKEY: venue.apiKey,
    TRADEBOT_SECRET_EXCHANGE_BINANCE_SECRET: venue.secret,
  };
  const directory = join(folder.path, 'data');
  showOnLadder(directory, Date.now());
  const program = await RunningProgram.startWith(keys, directory, '--config', config);
  onTestFinished(() => program.stop());
  return { program, directory };
}

const lines = (text: string): readonly string[] => text.trim().split('\n');

it('arming is the trader’s own hand: it is asked for, takes the venue’s name, and shows in the status', async () => {
  const { program, directory } = await liveProgram();
  const tradebot = (...args: readonly string[]) => tradebotBeside(...args, '--data-dir', directory);
  await expect
    .poll(async () => (await program.get('status')) as object)
    .toMatchObject({ trading: 'running' });
  const before = await tradebot('status');
  expect(before.stdout).toContain('running: live, running (live trading is not armed');

  const asked = await tradebot('arm');
  expect(asked.stdout).toContain('real money at binance: BTC/USDT on bars of 1m');
  expect(asked.stdout).toContain('with 500 USDT');
  expect(asked.stdout).toContain('warning: the key works from every address');
  expect([asked.exitCode, lines(asked.stderr)]).toEqual([
    2,
    ['error: to arm it, run: tradebot arm --confirm binance'],
  ]);

  const wrong = await tradebot('arm', '--confirm', 'kraken');
  expect([wrong.exitCode, lines(wrong.stderr)]).toEqual([
    1,
    ['error: not armed: type binance, the name of the venue, to arm it'],
  ]);

  const armed = await tradebot('arm', '--confirm', 'binance');
  expect([armed.exitCode, lines(armed.stdout).at(-1)]).toEqual([0, 'Live trading is armed.']);
  expect((await tradebot('status')).stdout).toContain('running: live, running (trading)');
});

it('there is nothing to arm where no program runs', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const { exitCode, stderr } = await tradebotBeside('arm', '--data-dir', folder.path);
  expect([exitCode, lines(stderr)]).toEqual([
    2,
    [
      'error: the program is not running with an API: start it with `tradebot run --mode live`, then arm it here',
    ],
  ]);
});

it('there is nothing to arm where no real money is traded', async () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const program = await RunningProgram.start(folder.path);
  onTestFinished(() => program.stop());
  const { exitCode, stderr } = await tradebotBeside('arm', '--data-dir', folder.path);
  expect([exitCode, lines(stderr)]).toEqual([
    1,
    ['error: nothing needs arming in demo mode: no real money is traded'],
  ]);
});
