import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '../contract/index.ts';
import { TraderError } from '../domain/index.ts';
import {
  loadSettings,
  openSecrets,
  type Secrets,
  type SettingsTree,
  settingsSource,
} from '../engine/index.ts';
import { dataDirectoryIn, thisMachine } from '../platform/index.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly dataDir?: string;
  readonly config?: string;
  readonly debug?: boolean;
}

/** What a command gets besides its own arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  globals(): GlobalOptions;
  exitWith(code: number): void;
}

/** The data directory: the flag's, the environment's, or the platform's usual place. */
export function dataDirectoryOf(context: CommandContext): string {
  const { environment } = context;
  const chosen = context.globals().dataDir;
  // As of a variable that a script has not set: the latch would lie wherever the program is started from.
  if (chosen?.trim() === '') throw new TraderError('bad-input', '--data-dir names no folder: give its path');
  if (chosen !== undefined) return resolve(chosen);
  return dataDirectoryIn(thisMachine(environment), existsSync);
}

/**
 * The settings from file and environment, with what the command line says on top. Whether a strategy of the trader's own is
 * there asks who runs it: a file that was deleted must not keep anybody from stopping, or from looking at the account.
 */
export function settingsOf(context: CommandContext, overrides: SettingsTree = {}): Settings {
  const { environment } = context;
  return loadSettings({ ...sourceOf(context), environment, overrides });
}

/** The same, where each strategy that is named has to be there. @throws TraderError with every fault. */
export function wholeSettingsOf(context: CommandContext): Settings {
  const { environment } = context;
  return loadSettings({ ...sourceOf(context), environment, directory: dataDirectoryOf(context) });
}

function sourceOf(context: CommandContext): ReturnType<typeof settingsSource> {
  return settingsSource(dataDirectoryOf(context), settingsFileOf(context));
}

/** The settings file that was named, if one was; else the data directory may have one of its own. */
export function settingsFileOf(context: CommandContext): string | undefined {
  // An empty variable names none.
  return context.globals().config ?? (context.environment['TRADEBOT_CONFIG'] || undefined);
}

/** The secrets that this machine keeps for a data directory, its vault among them. */
export function secretsOf(context: CommandContext, exchange?: string): Promise<Secrets> {
  const { environment } = context;
  const directory = dataDirectoryOf(context);
  return openSecrets({ environment, directory, ...(exchange === undefined ? {} : { exchange }) });
}
