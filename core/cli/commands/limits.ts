import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import {
  boundsText,
  CallError,
  type Gauge,
  LIMIT_NAMES,
  LIMIT_WORDS,
  type LimitName,
  LimitNameSchema,
  type LimitValue,
  limitText,
  SafetyViewSchema,
} from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { table } from '../terminal.ts';

interface Flags {
  readonly set?: LimitName;
  readonly to?: LimitValue;
  readonly loosen?: boolean;
  readonly json?: boolean;
}

/** `tradebot limits`: what is allowed, and what of it is used. */
export function registerLimits(program: Command, context: CommandContext): void {
  program
    .command('limits')
    .description('the limits in force with what is used of them, or another value of one')
    .option('--set <limit>', 'changes one in the running program, such as maxPositions', nameOf)
    .option(
      '--to <value>',
      'what it becomes, a share as a fraction such as 0.05; off turns it off',
      readValue,
    )
    .option('--loosen', 'you know that more may happen then')
    .option('--json', 'print one JSON document')
    .action(async (flags: Flags) => limits(flags, context));
}

async function limits(
  { set, to, loosen = false, json = false }: Flags,
  context: CommandContext,
): Promise<void> {
  if ((set === undefined) !== (to === undefined))
    throw new TraderError('bad-input', 'to change a limit give both: --set maxPositions --to 4');
  const ask = (method: string, params: object) => call(method, params, context);
  if (set === undefined) return print(await ask('safety.get', {}), json, context);
  const changed = await ask('limits.change', { name: set, value: to, loosen, from: 'command-line' });
  if (changed !== null) return print(changed, json, context);
  throw new TraderError(
    'bad-input',
    `the program is not running with an API: change safety.${set} in the settings file`,
  );
}

/** What the running program answers; null where none runs. */
async function call(
  method: string,
  params: object,
  context: CommandContext,
): Promise<readonly Gauge[] | null> {
  // Half of all there is to load, only where something is asked.
  const { askRunningHost } = await import('../../server/index.ts');
  const path = `/api/v1/call/${method}`;
  try {
    const answer = await askRunningHost(dataDirectoryOf(context), 'POST', path, params);
    if (answer === undefined) return null;
    const { result } = z.object({ result: SafetyViewSchema }).parse(answer);
    return [...result.breaker, ...result.limits];
  } catch (error) {
    if (!(error instanceof CallError) || error.code !== 'CONFIRMATION_REQUIRED') throw error;
    throw new TraderError('bad-input', `${error.message}: to do it, add --loosen`, { cause: error });
  }
}

/** Without a program that runs there is nothing that is used. */
function print(gauges: readonly Gauge[] | null, json: boolean, context: CommandContext): void {
  const { terminal } = context;
  const { safety } = settingsOf(context);
  const lines = LIMIT_NAMES.map((name) => {
    const gauge = gauges?.find(({ setting }) => setting === name);
    return { name, limit: gauge === undefined ? safety[name] : gauge.limit, gauge };
  });
  if (json) {
    const used = lines.map(({ name, limit, gauge }) => ({ name, limit, used: gauge?.value ?? null }));
    terminal.print(JSON.stringify(used));
    return;
  }
  const rows = lines.map(({ name, limit, gauge }) => [
    name,
    LIMIT_WORDS[name].name,
    limitText(name, limit),
    usedText(name, gauge),
    gauge === undefined ? '' : boundsText(name, gauge.bounds),
  ]);
  terminal.print(table(['setting', 'what', 'limit', 'used', 'can be'], rows));
  if (gauges === null) terminal.print('No program runs on this data directory: these are the settings.');
}

function usedText(name: LimitName, gauge: Gauge | undefined): string {
  if (gauge === undefined) return '–';
  const { value, detail, sample } = gauge;
  const text = value === null ? '–' : limitText(name, Number(value.toPrecision(3)));
  // What is not judged yet is not under its limit either.
  const early =
    sample === null || sample.have >= sample.needed ? [] : [`needs ${sample.needed}, has ${sample.have}`];
  const notes = [...(detail === null || value === null ? [] : [detail]), ...early];
  return notes.length === 0 ? text : `${text} (${notes.join('; ')})`;
}

function nameOf(text: string): LimitName {
  const name = LimitNameSchema.safeParse(text);
  if (name.success) return name.data;
  throw new InvalidArgumentError(`it must be one of ${LIMIT_NAMES.join(', ')}.`);
}

function readValue(text: string): LimitValue {
  if (text === 'off') return null;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('it must be a number, or off.');
}
