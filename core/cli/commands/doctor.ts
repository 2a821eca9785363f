import { accessSync, constants, existsSync } from 'node:fs';
import type { Command } from 'commander';
import { TraderError } from '../../domain/index.ts';
import {
  checkConnections,
  checkParity,
  DirectRunner,
  openLibrary,
  openSecrets,
  SECRET_NAMES,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { EXIT } from '../failure.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was found, or what is wrong and what to do. */
  readonly line: string;
}

export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description(
      'check settings, data directory, keys, models and language models; spends at most two tiny calls',
    )
    .option('--json', 'print one JSON document')
    .action(async (flags: { readonly json?: boolean }) => {
      const findings = [
        await finding('settings', () => checkSettings(context)),
        await finding('data directory', () => checkDirectory(context)),
        await finding('keys', () => checkKeys(context)),
        await finding('models', () => checkModels(context)),
        await finding('language models', () => checkLanguageModels(context)),
      ];
      if (flags.json === true) context.terminal.print(JSON.stringify(findings));
      else
        for (const { what, ok, line } of findings)
          context.terminal.print(`${ok ? 'ok   ' : 'WRONG'} ${what}: ${line}`);
      if (findings.some(({ ok }) => !ok)) context.exitWith(EXIT.failed);
    });
}

/** A check's line; what it throws is what is wrong. */
async function finding(what: string, check: () => string | Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, line: await check() };
  } catch (error) {
    return { what, ok: false, line: error instanceof Error ? error.message : String(error) };
  }
}

function checkSettings(context: CommandContext): string {
  const { mode, timeframe, strategy } = settingsOf(context);
  return `mode ${mode}, ${timeframe} bars, strategy ${strategy.id}`;
}

function checkDirectory(context: CommandContext): string {
  const directory = dataDirectoryOf(context);
  if (!existsSync(directory)) return `${directory} (made at the first start)`;
  try {
    accessSync(directory, constants.R_OK | constants.W_OK);
  } catch (cause) {
    throw new TraderError('failure', `${directory} cannot be written: check its owner and rights`, { cause });
  }
  return directory;
}

async function checkKeys(context: CommandContext): Promise<string> {
  const secrets = await openSecrets({ environment: context.environment });
  const known = SECRET_NAMES.filter((name) => secrets.sourceOf(name) !== undefined);
  return known.length === 0
    ? 'none is kept'
    : known.map((name) => `${name} (${secrets.sourceOf(name)})`).join(', ');
}

async function checkModels(context: CommandContext): Promise<string> {
  const entry = openLibrary(dataDirectoryOf(context)).active();
  if (entry.refusal !== null) throw entry.refusal;
  const { setId, validUntil } = entry.set.manifest;
  const runner = new DirectRunner();
  try {
    const results = await checkParity(entry.set, runner);
    return `${results.length} models of ${setId} answer as they should, until ${validUntil.slice(0, 10)}`;
  } finally {
    await runner.close();
  }
}

async function checkLanguageModels(context: CommandContext): Promise<string> {
  const settings = settingsOf(context);
  if (!settings.llm.enabled) return 'off: rules speak for Bull and Bear';
  const secrets = await openSecrets({ environment: context.environment });
  const results = await checkConnections(settings, secrets);
  const wrong = results.filter(({ ok }) => !ok);
  if (wrong.length > 0) throw new TraderError('failure', wrong.map(({ line }) => line).join('; '));
  return results.map(({ line }) => line).join('; ');
}
