import type { Command } from 'commander';
import { z } from 'zod';
import {
  PortfolioViewSchema,
  PositionViewSchema,
  StatusViewSchema,
  StrategySchema,
  strategyLabel,
  venueLines,
} from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { killSwitchState, SYSTEM_TIMERS, storedDecisions } from '../../engine/index.ts';
import { thisMachine } from '../../platform/index.ts';
import type { askRunningHost } from '../../server/index.ts';
import { openInBrowser } from '../browser.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { minuteText } from '../dates.ts';
import { EXIT } from '../failure.ts';
import { table } from '../terminal.ts';
import { wholeNumber } from './run.ts';

const BROWSER_MS = 5_000;
const WALL_CLOCK = { now: () => Date.now() };

interface ListFlags {
  readonly mode?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export function registerOperation(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('resume')
    .description('reset the kill switch of the running program, after saying what that does')
    .option('--confirm <word>', 'RESET, to do it')
    .action(async (flags: { confirm?: string }) => resume(flags.confirm, context));
  program
    .command('status')
    .description('what the program on this data directory is doing')
    .option('--json', 'print one JSON document')
    .action(async (flags: { json?: boolean }) => status(flags.json === true, context));
  program
    .command('open')
    .description('a fresh link to the running program, opened in the browser')
    .option('--no-open', 'only print it')
    .action(async ({ open }: { open: boolean }) => openPage(open, context));
  listCommand('decisions', 'decisions with their reasons, newest first', ({ mode, limit, json }) => {
    const decisions = storedDecisions(dataDirectoryOf(context), settingsWith(mode), limit);
    if (json === true) return terminal.print(JSON.stringify(decisions));
    const rows = decisions.map(({ symbol, barOpenTime, action, outcome, reason, outlook }) => [
      symbol,
      minuteText(barOpenTime),
      action,
      outcome,
      outlook?.ahead ?? '-',
      outlook?.warning === undefined ? reason : `${reason}; ${outlook.warning}`,
    ]);
    terminal.print(table(['symbol', 'bar', 'voters', 'outcome', 'ahead', 'why'], rows));
  });

  function listCommand(name: string, description: string, run: (flags: ListFlags) => void): void {
    program
      .command(name)
      .description(description)
      .option('--mode <mode>', 'demo, replay, paper, sandbox or live')
      .option('--limit <count>', 'how many', wholeNumber, 20)
      .option('--json', 'print one JSON document')
      .action(run);
  }

  function settingsWith(mode: string | undefined) {
    return settingsOf(context, { mode });
  }
}

/** Loads the server, half of all there is to load, only where it is asked something. */
async function askRunning(...question: Parameters<typeof askRunningHost>): Promise<unknown> {
  const { askRunningHost } = await import('../../server/index.ts');
  return askRunningHost(...question);
}

async function openPage(isOpened: boolean, context: CommandContext): Promise<void> {
  const answer = await askRunning(dataDirectoryOf(context), 'POST', '/api/v1/session/link', {});
  if (answer === undefined) {
    throw new TraderError(
      'bad-input',
      'no program with a page runs on this data directory: start it with `tradebot run --headless`',
    );
  }
  const { url } = z.object({ url: z.url() }).parse(answer);
  context.terminal.print(url);
  if (!isOpened) return;
  const forget = openInBrowser(thisMachine(context.environment), url, dataDirectoryOf(context));
  // The browser has read it by then; the link is good for one login anyway.
  await SYSTEM_TIMERS.wait(BROWSER_MS);
  forget();
}

async function status(json: boolean, context: CommandContext): Promise<void> {
  const directory = dataDirectoryOf(context);
  const running = await askRunning(directory, 'GET', '/api/v1/status');
  const latch = killSwitchState(directory, WALL_CLOCK);
  const killSwitch = latch === undefined ? 'not engaged' : `engaged: ${latch.reason}`;
  if (json) {
    context.terminal.print(
      JSON.stringify({ running: running !== undefined, killSwitch: latch ?? null, status: running ?? null }),
    );
    return;
  }
  context.terminal.print(
    running === undefined ? 'not running with an API on this data directory' : describe(running),
  );
  context.terminal.print(`kill switch ${killSwitch}`);
  for (const line of await venueLinesOf(directory, running)) context.terminal.print(line);
}

/** How things stand at the venue; nothing where none runs, or one of another version. */
async function venueLinesOf(directory: string, running: unknown): Promise<readonly string[]> {
  const status = StatusViewSchema.safeParse(running);
  if (!status.success) return [];
  const account = PortfolioViewSchema.safeParse(await askRunning(directory, 'GET', '/api/v1/portfolio'));
  const positions = z
    .array(PositionViewSchema)
    .safeParse(await askRunning(directory, 'GET', '/api/v1/positions'));
  return venueLines(status.data, account.data ?? null, positions.data ?? null).map(
    ({ name, state, text }) => `${name.padEnd(18)}${state === 'warning' ? '! ' : ''}${text}`,
  );
}

function describe(status: unknown): string {
  const told = status as { mode?: string; trading?: string; message?: string; strategy?: unknown };
  const { mode, trading, message } = told;
  const strategy = StrategySchema.safeParse(told.strategy);
  const decides = strategy.success ? `\n${strategy.data} ${strategyLabel(strategy.data)}` : '';
  return `running: ${mode}, ${trading} (${message})${decides}`;
}

async function resume(confirmation: string | undefined, context: CommandContext): Promise<void> {
  const directory = dataDirectoryOf(context);
  const call = (method: string, body: unknown) =>
    askRunning(directory, 'POST', `/api/v1/call/${method}`, body);
  const answer = await call('killSwitch.describeReset', {});
  if (answer === undefined) {
    throw new TraderError(
      'bad-input',
      'the program is not running with an API: start it, then reset the kill switch there or here',
    );
  }
  const { statement, obstacles } = (answer as { result: { statement: string; obstacles: readonly string[] } })
    .result;
  context.terminal.print(statement);
  for (const obstacle of obstacles) context.terminal.print(`not now: ${obstacle}`);
  if (obstacles.length > 0) return context.exitWith(EXIT.failed);
  if (confirmation !== 'RESET')
    throw new TraderError('bad-input', 'to reset it, run: tradebot resume --confirm RESET');
  await call('killSwitch.reset', { confirmation });
  context.terminal.print('The kill switch is reset.');
}
