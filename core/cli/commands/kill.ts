import { type Command, InvalidArgumentError } from 'commander';
import { type Mode, ModeSchema, StatusViewSchema } from '../../contract/index.ts';
import {
  type KillResult,
  type KillVerdict,
  killDrill,
  killTarget,
  killTargets,
  MACHINE_CLOCK,
  openOutsideLine,
  ownRuntimeFolders,
  type RunningService,
  SILENT_LOGGER,
  SYSTEM_CLOCK,
  SYSTEM_TIMERS,
  secretsFor,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { EXIT } from '../failure.ts';
import { table } from '../terminal.ts';
import { printSignedCurl } from './kill-curl.ts';

interface Flags {
  readonly reason: string;
  readonly mode?: Mode;
  readonly drill?: boolean;
  readonly printCurl?: boolean;
}

const EXITS: Readonly<Record<KillVerdict, number>> = {
  flat: EXIT.done,
  waits: EXIT.waits,
  failed: EXIT.failed,
};
const WORDS: Readonly<Record<KillVerdict, string>> = {
  flat: 'flat, verified',
  waits: 'latched, closes later',
  failed: 'NOT verified flat',
};

/** `tradebot kill`: the emergency stop that needs no program to be well. */
export function registerKill(program: Command, context: CommandContext): void {
  program
    .command('kill')
    .description('stop every program of this user: latch, cancel, close, verify; hung and crashed ones too')
    .option('--reason <text>', 'why', 'from the command line')
    .option('--mode <mode>', 'of a folder on which no program runs: only this one', modeOf)
    .option('--drill', 'try the whole procedure on a simulated venue, in a folder of its own')
    .option('--print-curl', 'print a signed request that does the same, and do nothing')
    .action(async (flags: Flags) => {
      if (flags.printCurl === true) await printSignedCurl(context);
      else if (flags.drill === true) await drill(context);
      else await kill(flags, context);
    });
}

async function kill({ reason, mode }: Flags, context: CommandContext): Promise<void> {
  const { environment, terminal } = context;
  const usual = dataDirectoryOf(context);
  const named = context.globals().dataDir;
  const folders = ownRuntimeFolders(environment);
  const directory = named === undefined ? undefined : usual;
  const { targets, others } = killTargets({ folders, directory, usual });
  if (targets.length === 0) {
    terminal.print(
      `No program of this user runs, and none has run on ${usual}: there is nothing to stop. Is there one elsewhere, name its folder with --data-dir.`,
    );
    return;
  }
  const time = { clock: SYSTEM_CLOCK, timers: SYSTEM_TIMERS, log: SILENT_LOGGER };
  const results = await Promise.all(
    targets.map((target) =>
      killTarget(target, {
        ...{
          ...time,
          clock: MACHINE_CLOCK,
          reason,
          mode,
          service: SERVICE,
          say: (line) => terminal.print(line),
        },
        settingsFor: (of) => settingsOf(context, { mode: of }),
        openLine: async (settings, onProgress, directory) => {
          // A vault that is broken must not keep what is given from outside from closing.
          const secrets = await secretsFor(settings, { environment, directory }).catch(() =>
            secretsFor(settings, { environment }),
          );
          return openOutsideLine({ ...time, settings, secrets, onProgress });
        },
      }),
    ),
  );
  const all = results.flat();
  printResults(all, context);
  for (const other of others) terminal.print(`Not stopped, since --data-dir names another: ${other}`);
  context.exitWith(exitOf(all));
}

function exitOf(results: readonly KillResult[]): number {
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  if (verdicts.has('failed')) return EXITS.failed;
  return verdicts.has('waits') ? EXITS.waits : EXITS.flat;
}

function printResults(results: readonly KillResult[], { terminal }: CommandContext): void {
  const rows = results.flatMap(({ directory, mode, symbols }) =>
    symbols.map(({ venue, symbol, before, after }) => [directory, mode ?? '', venue, symbol, before, after]),
  );
  if (rows.length > 0) terminal.print(table(['folder', 'mode', 'venue', 'symbol', 'before', 'after'], rows));
  for (const { directory, mode, verdict, notes } of results) {
    terminal.print(`${directory}${mode === null ? '' : ` (${mode})`}: ${WORDS[verdict]}`);
    for (const note of notes) terminal.print(`  ${note}`);
  }
  terminal.print('The latch holds over restarts until you reset it: tradebot resume, or in the program.');
}

async function drill({ terminal, exitWith }: CommandContext): Promise<void> {
  const { flat, steps } = await killDrill({ timers: SYSTEM_TIMERS, clock: SYSTEM_CLOCK });
  for (const { step, atMs } of steps) terminal.print(`${atMs.toFixed(1).padStart(9)} ms  ${step}`);
  terminal.print(
    flat ? 'The drill ended flat. Nothing of yours was touched.' : 'The drill did NOT end flat.',
  );
  exitWith(flat ? EXIT.done : EXIT.failed);
}

/** Loads the server, half of all there is to load, only where it is asked something. */
const SERVICE: RunningService = {
  async press(directory, reason) {
    const { askRunningHost } = await import('../../server/index.ts');
    return askRunningHost(directory, 'POST', '/api/v1/call/killSwitch.activate', {
      reason,
      from: 'command-line',
    });
  },
  async killSwitch(directory) {
    const { askRunningHost } = await import('../../server/index.ts');
    const status = StatusViewSchema.safeParse(await askRunningHost(directory, 'GET', '/api/v1/status'));
    return status.data?.killSwitch;
  },
};

function modeOf(text: string): Mode {
  const mode = ModeSchema.safeParse(text);
  if (mode.success) return mode.data;
  throw new InvalidArgumentError('it must be demo, replay, paper, sandbox or live.');
}
