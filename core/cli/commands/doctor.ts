import { accessSync, constants, existsSync } from 'node:fs';
import type { Command } from 'commander';
import {
  ALERT_CHANNEL_WORDS,
  ALERT_CHANNELS,
  type AlertChannelName,
  estimateLlm,
  knownPrice,
  LLM_PROVIDERS,
  providerNeeds,
  providerOf,
} from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import {
  channelReadiness,
  checkConnections,
  checkParity,
  DirectRunner,
  isLocalEndpoint,
  looseSecretFiles,
  openLibrary,
  requireDatabase,
  SECRET_NAMES,
} from '../../engine/index.ts';
import { glibcVersion, modelsObstacle, thisMachine } from '../../platform/index.ts';
import { type CommandContext, dataDirectoryOf, secretsOf, settingsOf } from '../context.ts';
import { EXIT } from '../failure.ts';
import { systemWarnings, type Warning } from './system-warnings.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** It is all right, and yet something speaks against it. */
  readonly warns?: true;
  /** What was found, or what is wrong and what to do. */
  readonly line: string;
}

export function registerDoctor(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description(
      'check settings, data directory, database, keys, models, language models and channels of alerts; spends at most two tiny calls',
    )
    .option('--json', 'print one JSON document')
    .option('--providers', 'only list who serves language models, and what each needs')
    .action(async (flags: { readonly json?: boolean; readonly providers?: boolean }) => {
      if (flags.providers === true) {
        context.terminal.print(flags.json === true ? JSON.stringify(LLM_PROVIDERS) : providerList());
        return;
      }
      const [machine, glibc] = [thisMachine(context.environment), glibcVersion()];
      const findings = [
        await finding('settings', () => checkSettings(context)),
        await finding('data directory', () => checkDirectory(context)),
        ...systemWarnings(machine, glibc, dataDirectoryOf(context)).map(asFinding),
        await finding('database', checkDatabase),
        await finding('keys', () => checkKeys(context)),
        // What no machine of this kind can have is warned of with the system, and nothing is wrong here.
        ...(modelsObstacle(machine, glibc) === null
          ? [await finding('models', () => checkModels(context))]
          : []),
        await finding('provider', () => checkProvider(context)),
        await finding('language models', () => checkLanguageModels(context)),
      ];
      for (const channel of ALERT_CHANNELS) {
        const what = `alerts by ${ALERT_CHANNEL_WORDS[channel]}`;
        findings.push(await finding(what, () => checkChannel(channel, context)));
      }
      if (flags.json === true) context.terminal.print(JSON.stringify(findings));
      else for (const each of findings) context.terminal.print(`${signOf(each)} ${each.what}: ${each.line}`);
      if (findings.some(({ ok }) => !ok)) context.exitWith(EXIT.failed);
    });
}

const asFinding = (warning: Warning): Finding => ({ ...warning, ok: true, warns: true });

function signOf({ ok, warns }: Finding): string {
  if (!ok) return 'WRONG';
  return warns === true ? 'WARNS' : 'ok   ';
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

function checkDatabase(): string {
  requireDatabase();
  return 'it can be loaded';
}

async function checkKeys(context: CommandContext): Promise<string> {
  const secrets = await secretsOf(context);
  const known = SECRET_NAMES.filter((name) => secrets.sourceOf(name) !== undefined);
  const loose = looseSecretFiles({ directory: dataDirectoryOf(context) });
  if (loose.length > 0) throw new TraderError('bad-input', loose.join('; '));
  // What a vault holds and is locked is found now, and not when it is needed.
  for (const name of known) secrets.read(name);
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
  const secrets = await secretsOf(context);
  const results = await checkConnections(settings, secrets);
  const wrong = results.filter(({ ok }) => !ok);
  if (wrong.length > 0) throw new TraderError('failure', wrong.map(({ line }) => line).join('; '));
  return results.map(({ line }) => line).join('; ');
}

async function checkChannel(channel: AlertChannelName, context: CommandContext): Promise<string> {
  const { alerts } = settingsOf(context);
  // A keychain is not opened for what is off.
  if (!alerts[channel].enabled) return channelReadiness(channel, alerts, { read: () => undefined });
  const secrets = await secretsOf(context);
  return channelReadiness(channel, alerts, secrets);
}

/** What the chosen provider needs, and what is not as it needs it. */
function checkProvider(context: CommandContext): string {
  const settings = settingsOf(context);
  const { llm } = settings;
  if (!llm.enabled) return 'doctor --providers lists who can serve Bull and Bear, and what each needs';
  const provider = providerOf(llm.baseUrl);
  const own = llm.model === null ? undefined : llm.prices[llm.model];
  const listed = llm.model === null ? undefined : knownPrice(provider, llm.model);
  const priced = own ?? (isLocalEndpoint(llm.baseUrl) ? { inputPerMTok: 0, outputPerMTok: 0 } : undefined);
  if (priced === undefined && llm.model !== null) {
    const hint =
      listed === undefined
        ? 'its list price is unknown here'
        : `its list price was ${listed.inputPerMTok} and ${listed.outputPerMTok} in ${listed.asOf}`;
    throw new TraderError(
      'bad-input',
      `no price is set, so nothing is asked: add llm.prices."${llm.model}" with inputPerMTok and outputPerMTok, USD a million tokens (${hint})`,
    );
  }
  const { perDecisionUsd, perMonthUsd, decisionsPerMonth } = estimateLlm(settings, priced ?? null);
  const cost =
    perDecisionUsd === null || perMonthUsd === null
      ? ''
      : `; about ${perDecisionUsd.toFixed(4)} USD a decision, ${perMonthUsd.toFixed(2)} USD a month if all ${decisionsPerMonth} are debated`;
  if (provider === undefined)
    return `${new URL(llm.baseUrl).host} is not in the list: what it knows is found out by asking${cost}`;
  const { name, start, jsonMode, tokenField, thinking, context: reads } = provider;
  return `${name}: ${start}; JSON as ${jsonMode}; limit as ${tokenField}; thinking: ${thinking}; context: ${reads}${cost}`;
}

function providerList(): string {
  return LLM_PROVIDERS.map((provider) =>
    [provider.name, ...providerNeeds(provider).map(([name, words]) => `  ${name.padEnd(13)} ${words}`)].join(
      '\n',
    ),
  ).join('\n\n');
}
