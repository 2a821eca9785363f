import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { killPortOf, LOG_LEVELS, type LogLevel, type Settings, STRATEGY_HELP } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import {
  forkGuardian,
  hearStopRequests,
  type KillLine,
  killSecret,
  looseSecretFiles,
  MACHINE_CLOCK,
  openHostedTradebot,
  openKillLine,
  ownRuntimeFolder,
  type ServedTradebot,
  SignedRequests,
  SYSTEM_TIMERS,
} from '../../engine/index.ts';
import { PLATFORM, stopSignals, thisMachine } from '../../platform/index.ts';
import { openInBrowser } from '../browser.ts';
import { type CommandContext, dataDirectoryOf, settingsFileOf, settingsOf } from '../context.ts';
import { EXIT } from '../failure.ts';
import { boundedLines } from '../log-pipe.ts';

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
  readonly logStdout?: boolean;
  readonly logLevel?: LogLevel;
}

interface SignedWay extends KillLine {
  readonly signed: SignedRequests;
  /** Keeps and shows a secret that was made for it: once the program has really started. */
  showSecret(isSeenByNobodyElse: boolean): Promise<void>;
}

const SECRET_MADE =
  'A secret for signed requests to the kill switch was made and kept: `tradebot kill --print-curl` shows how it is used.';
/** For closing what was opened when it is told to stop before all of it was. */
const CLOSING_MS = 2_000;

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
    .option('--log-stdout', 'print the log, one JSON document a line, and nothing else on stdout')
    .addOption(new Option('--log-level <level>', 'what is logged, from this level on').choices(LOG_LEVELS))
    .action(async (options: RunOptions) => {
      const told = toldToStop(dataDirectoryOf(context));
      try {
        await run(options, context, told.signal);
      } finally {
        told.forget();
      }
    });
}

async function run(options: RunOptions, context: CommandContext, told: AbortSignal): Promise<void> {
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
  for (const line of looseSecretFiles({ directory: dataDirectory })) terminal.note(`Beware: ${line}`);
  const settingsFile = settingsFileOf(context);
  const opening = openHostedTradebot({
    signal: told,
    environment: context.environment,
    ...(settingsFile === undefined ? {} : { settingsFile }),
    overrides,
    dataDirectory,
    runtimeFolder: ownRuntimeFolder(context.environment),
    spawnGuardian: () => forkGuardian(context.environment),
    host: 'headless',
    version: context.version,
    onProgress: (line) => terminal.note(line),
    ...(options.logStdout === true ? { logTo: boundedLines(process.stdout) } : {}),
    ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
    ...(options.speed === undefined ? {} : { speed: options.speed }),
    ...(options.data === undefined ? {} : { replayFiles: options.data }),
  });
  const tradebot = await openedUnless(told, opening);
  if (tradebot === undefined) {
    terminal.note('Stopped before it had started: no order was sent.');
    // A venue that has not answered a question yet would hold the process for as long as that takes.
    process.exit(EXIT.done);
  }
  let killLine: SignedWay | undefined;
  let closePage = (): void => undefined;
  try {
    killLine = await hearSignedRequests(tradebot, dataDirectory, api, context);
    const host = await startHeadlessHost({
      service: tradebot.service,
      metrics: () => tradebot.metrics(),
      dataDirectory,
      rendererFolder: RENDERER_FOLDER,
      port: api.port,
      killLine,
      version: context.version,
      clock: MACHINE_CLOCK,
      log: tradebot.log.child({ logger: 'server' }),
    });
    try {
      await killLine.showSecret(options.logStdout !== true);
      const finished = tradebot.start();
      const url = host.loginUrl();
      if (options.logStdout === true)
        terminal.note(`Ready on port ${host.port}: \`tradebot open --no-open\` makes a login link.`);
      else terminal.print(`Ready: ${url}`);
      if (options.open) closePage = openInBrowser(thisMachine(context.environment), url, dataDirectory);
      await untilToldToStop(told, options.duration, finished);
      // First of all: who is impatient ends it before the rest is done.
      await tradebot.goodbye();
      terminal.note('Stopping: open orders and positions are kept as they are.');
    } finally {
      closePage();
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
    async showSecret(isSeenByNobodyElse) {
      if (keep === null) return;
      await keep();
      // What a service prints is kept by somebody, and read by more than the trader.
      if (!isSeenByNobodyElse) return terminal.note(SECRET_MADE);
      terminal.note(
        `Secret for signed requests to the kill switch, shown this once: ${secret} (an example: tradebot kill --print-curl)`,
      );
    },
  };
}

/** Aborts on Ctrl-C, a polite kill and `tradebot stop`. A signal that comes once more ends the process at once. */
function toldToStop(directory: string): { readonly signal: AbortSignal; readonly forget: () => void } {
  const told = new AbortController();
  const forget = hearStopRequests({
    ...{ directory, pid: process.pid, clock: MACHINE_CLOCK, timers: SYSTEM_TIMERS },
    onAsked: () => told.abort(),
  });
  // When the terminal was closed that is a trader's hand as well, and no crash for the guardian to close after.
  for (const signal of stopSignals(PLATFORM)) process.once(signal, () => told.abort());
  return { signal: told.signal, forget };
}

/**
 * What was opened; undefined where it was told to stop meanwhile. What had been opened by then is closed again, so that
 * nobody takes the program for one that has crashed.
 */
async function openedUnless(
  told: AbortSignal,
  opening: Promise<ServedTradebot>,
): Promise<ServedTradebot | undefined> {
  const closing = Promise.withResolvers<undefined>();
  const giveUp = (): void => void SYSTEM_TIMERS.wait(CLOSING_MS).then(() => closing.resolve(undefined));
  told.addEventListener('abort', giveUp);
  try {
    const opened = await Promise.race([opening, closing.promise]);
    if (!told.aborted) return opened;
    await opened?.stop();
  } catch (error) {
    if (!told.aborted) throw error;
  } finally {
    told.removeEventListener('abort', giveUp);
  }
  return undefined;
}

/** Resolves when it is told to, or when the duration is over. Rejects when the engine fails. */
async function untilToldToStop(
  told: AbortSignal,
  durationSeconds: number | undefined,
  failure: Promise<void>,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    told.addEventListener('abort', () => resolve());
    if (told.aborted) resolve();
    if (durationSeconds !== undefined) setTimeout(resolve, durationSeconds * 1000).unref();
    failure.catch(reject);
  });
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
