import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ShippedStrategySchema, STRATEGIES, StrategySchema, strategyLabel } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import {
  ALLOWANCE,
  ownStrategyNames,
  readOwnStrategy,
  readSource,
  STRATEGY_TEMPLATE,
  STRATEGY_TYPES,
  StrategyFault,
  strategyFile,
  strategyFolder,
  tryStrategy,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf } from '../context.ts';
import { table } from '../terminal.ts';

const TYPES_FILE = 'tradebot.d.ts';

/** `tradebot strategy`: strategies of the trader's own. */
export function registerStrategy(program: Command, context: CommandContext): void {
  const strategy = program
    .command('strategy')
    .description('strategies of your own: TypeScript files in the data directory');
  strategy
    .command('new <name>')
    .description('write a strategy that works, with everything in it that you have to know')
    .action((name: string) => create(name, context));
  strategy
    .command('check <name>')
    .description('read a strategy, and try it on a made-up market')
    .option('--json', 'print one JSON document')
    .action((name: string, flags: { readonly json?: boolean }) => check(name, flags.json === true, context));
  strategy
    .command('list')
    .description('the strategies that there are')
    .option('--json', 'print one JSON document')
    .action((flags: { readonly json?: boolean }) => list(flags.json === true, context));
}

function create(name: string, context: CommandContext): void {
  const directory = dataDirectoryOf(context);
  const file = strategyFile(directory, nameOf(name));
  if (existsSync(file)) throw new TraderError('bad-input', `${file} is there already: nothing is changed`);
  try {
    mkdirSync(strategyFolder(directory), { recursive: true, mode: 0o700 });
    writeFileSync(join(strategyFolder(directory), TYPES_FILE), STRATEGY_TYPES, { mode: 0o600 });
    writeFileSync(file, STRATEGY_TEMPLATE.replaceAll('NAME', name), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TraderError('failure', `${file} cannot be written (${why})`, { cause });
  }
  context.terminal.print(file);
  context.terminal.note(`It works as it is. Read its first lines, then: tradebot strategy check ${name}`);
}

/** @throws TraderError for a name that no strategy of the trader's own can have. */
function nameOf(name: string): string {
  if (ShippedStrategySchema.safeParse(name).success)
    throw new TraderError('bad-input', `${name} comes with the program: choose another name`);
  if (StrategySchema.safeParse(name).success) return name;
  throw new TraderError(
    'bad-input',
    `${name} is no name for a strategy: small letters, digits and hyphens, beginning with a letter, at most 40, and no device of Windows (con, nul, com1)`,
  );
}

function check(name: string, json: boolean, context: CommandContext): void {
  const file = strategyFile(dataDirectoryOf(context), nameOf(name));
  if (!existsSync(file))
    throw new TraderError('bad-input', `${file} is not there: make it with "tradebot strategy new ${name}"`);
  const strategy = read(file, name);
  const trial = inFile(file, () => tryStrategy(strategy));
  if (json) {
    context.terminal.print(
      JSON.stringify({ name, file, describes: strategy.label, decides: strategy.when, ...trial }),
    );
    return;
  }
  const { answers, silent, holding, neverBought, days, longest, firstReason } = trial;
  const lines = [
    `${name}: ${strategy.label}`,
    `decides ${strategy.when}; is asked when there are hourly prices of ${(strategy.data.historyMs ?? 0) / 86_400_000} days`,
    `on ${days} days of a made-up market: ${answers} answers, ${holding} of them hold something, ${silent} without an opinion`,
    ...(neverBought === 0
      ? []
      : [
          `warning: ${neverBought} of those buy nothing where nothing is held: their band is not below hold. Leave band out, or make it smaller`,
        ]),
    `longest answer: ${longest.toLocaleString('en')} steps of ${ALLOWANCE.steps.toLocaleString('en')}`,
    ...(firstReason === null ? [] : [`its first reason: ${firstReason}`]),
    `It can be run. What it is worth only real prices tell: tradebot backtest --strategy ${name}`,
  ];
  for (const line of lines) context.terminal.print(line);
}

function read(file: string, name: string) {
  const source = readSource(file);
  return inFile(file, () => readOwnStrategy(name, source));
}

/** @throws TraderError that says what is wrong, and in which file. */
function inFile<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof StrategyFault)) throw error;
    throw new TraderError('bad-input', `${file}: ${error.message}`);
  }
}

function list(json: boolean, context: CommandContext): void {
  const directory = dataDirectoryOf(context);
  const shipped = STRATEGIES.map((name) => ({
    name,
    own: false,
    describes: strategyLabel(name),
    fault: null,
  }));
  const own = ownStrategyNames(directory).map((name) => ({ name, own: true, ...described(directory, name) }));
  const all = [...shipped, ...own];
  if (json) context.terminal.print(JSON.stringify(all));
  else {
    const rows = all.map((each) => [
      each.name,
      each.own ? 'your own' : 'comes with the program',
      each.fault === null ? each.describes : `cannot be used: ${each.fault}`,
    ]);
    context.terminal.print(table(['name', '', 'what it does'], rows));
  }
}

function described(directory: string, name: string): { describes: string; fault: string | null } {
  try {
    const own = readOwnStrategy(nameOf(name), readSource(strategyFile(directory, name)));
    return { describes: own.label, fault: null };
  } catch (error) {
    if (error instanceof StrategyFault || error instanceof TraderError)
      return { describes: '', fault: error.message };
    throw error;
  }
}
