import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { killPortOf, type Settings, STRATEGY_HELP } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import {
  forkGuardian,
  type KillLine,
  killSecret,
  MACHINE_CLOCK,
  openHostedTradebot,
  openKillLine,
  ownRuntimeFolder,
  type ServedTradebot,
  SignedRequests,
  SYSTEM_TIMERS,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsFileOf, settingsOf } from '../context.ts';

interface RunOptions {
  readonly mode?: string;
  readonly headless?: boolean;
  readonly open: boolean;
  readonly port?: number;
  readonly symbol?: readonly string[];
  readonly timeframe?: string;
  readonly strategy?: string;
  readonly duration?: number;
  readonly speed?: number;
  readonly data?: readonly string[];
  readonly seed?: number;
}

interface SignedWay extends KillLine {
  readonly signed: SignedRequests;
  /** Keeps and shows a secret that was made for it: once the program has really started. */
  showSecret(): Promise<void>;
}

const RENDERER_FOLDER = fileURLToPath(new URL('../../../out/renderer/', import.meta.url));

export function registerRun(program: Command, context: CommandContext): void {
  program
    .command('run')
    .description('run the trading loop, with the UI in the browser')
    .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
    .option('--headless', 'without a window (always so from the command line)')
    .option('--no-open', 'do not open a browser')
    .option('--port <port>', 'port on 127.0.0.1; 0 lets the system choose', wholeNumber)
    .option('--symbol <symbol...>', 'what to trade, such as BTC/USDT')
    .option('--timeframe <timeframe>', 'length of a bar, such as 1h')
    .option('--strategy <name>', STRATEGY_HELP)
    .option('--duration <seconds>', 'stop after so long', positiveNumber)
    .option('--speed <factor>', 'market time per real time, in demo and replay', positiveNumber)
    .option('--data <file...>', 'candle files for replay mode')
    .option('--seed <number>', 'seed of the simulated market', wholeNumber)
    .action(async (options: RunOptions) => {
      await run(options, context);
    });
}

async function run(options: RunOptions, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const overrides = {
    mode: options.mode,
    symbols: options.symbol,
    timeframe: options.timeframe,
    api: { port: options.port },
    simulation: { seed: options.seed },
    strategy: { id: options.strategy },
  };
  const { api } = settingsOf(context, overrides);
  if (!existsSync(RENDERER_FOLDER)) {
    throw new TraderError('bad-input', 'the UI is not built: run `npm run build` once, or use `npm start`');
  }
  // Half of all there is to load is the server's, and no other command needs it at the start.
  const { startHeadlessHost } = await import('../../server/index.ts');
  const dataDirectory = dataDirectoryOf(context);
  const settingsFile = settingsFileOf(context);
  const tradebot = await openHostedTradebot({
    environment: context.environment,
    ...(settingsFile === undefined ? {} : { settingsFile }),
    overrides,
    dataDirectory,
    runtimeFolder: ownRuntimeFolder(context.environment),
    spawnGuardian: () => forkGuardian(context.environment),
    host: 'headless',
    version: context.version,
    onProgress: (line) => terminal.note(line),
    ...(options.speed === undefined ? {} : { speed: options.speed }),
    ...(options.data === undefined ? {} : { replayFiles: options.data }),
  });
  let killLine: SignedWay | undefined;
  try {
    killLine = await hearSignedRequests(tradebot, dataDirectory, api, context);
    const host = await startHeadlessHost({
      service: tradebot.service,
      metrics: () => tradebot.metrics(),
      dataDirectory,
      rendererFolder: RENDERER_FOLDER,
      port: api.port,
      killLine,
      log: tradebot.log,
    });
    try {
      await killLine.showSecret();
      const finished = tradebot.start();
      const url = host.loginUrl();
      terminal.print(`Ready: ${url}`);
      if (options.open) openBrowser(url);
      await untilToldToStop(options.duration, finished);
      // First of all: who is impatient ends it before the rest is done.
      await tradebot.goodbye();
      terminal.note('Stopping: open orders and positions are kept as they are.');
    } finally {
      await host.close();
    }
  } finally {
    await killLine?.close();
    await tradebot.stop();
  }
}

/** Opens the signed way to the kill switch. */
async function hearSignedRequests(
  tradebot: ServedTradebot,
  directory: string,
  api: Settings['api'],
  { environment, terminal }: CommandContext,
): Promise<SignedWay> {
  const { secret, keep } = await killSecret({ directory, environment });
  const { service, log } = tradebot;
  const line = await openKillLine({
    ...{ service, log, directory, secret, port: killPortOf(api), timers: SYSTEM_TIMERS },
    alert: (severity, title, message) => tradebot.alert(severity, title, message),
  });
  return {
    ...line,
    signed: new SignedRequests({ directory, secret, clock: MACHINE_CLOCK }),
    async showSecret() {
      if (keep === null) return;
      await keep();
      terminal.note(
        `Secret for signed requests to the kill switch, shown this once: ${secret} (an example: tradebot kill --print-curl)`,
      );
    },
  };
}

/** Resolves on Ctrl-C, on a polite kill, or when the duration is over. Rejects when the engine fails. */
async function untilToldToStop(durationSeconds: number | undefined, failure: Promise<void>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    // The terminal was closed: a trader's hand as well, and no crash for the guardian to close after.
    process.once('SIGHUP', resolve);
    if (durationSeconds !== undefined) setTimeout(resolve, durationSeconds * 1000).unref();
    failure.catch(reject);
  });
}

/** Best effort: the URL is printed in any case. */
function openBrowser(url: string): void {
  const headlessLinux =
    process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  if (headlessLinux) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it must be a whole number.');
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('it must be a number above 0.');
  return value;
}
