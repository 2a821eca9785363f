import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '../contract/index.ts';
import { TraderError } from '../domain/index.ts';
import { loadSettings, type SettingsTree, settingsSource } from '../engine/index.ts';
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

/** The settings from file and environment, with what the command line says on top. */
export function settingsOf(context: CommandContext, overrides: SettingsTree = {}): Settings {
  const { environment } = context;
  const directory = dataDirectoryOf(context);
  return loadSettings({
    ...settingsSource(directory, settingsFileOf(context)),
    directory,
    environment,
    overrides,
  });
}

/** The settings file that was named, if one was; else the data directory may have one of its own. */
export function settingsFileOf(context: CommandContext): string | undefined {
  // An empty variable names none.
  return context.globals().config ?? (context.environment['TRADEBOT_CONFIG'] || undefined);
}
