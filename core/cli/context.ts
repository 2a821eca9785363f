import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from '../contract/index.ts';
import { loadSettings, type SettingsTree } from '../engine/index.ts';
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
  const chosen = context.globals().dataDir ?? context.environment['TRADEBOT_DATA_DIR'];
  return chosen === undefined ? defaultDataDirectory(context.environment) : resolve(chosen);
}

function defaultDataDirectory(environment: CommandContext['environment']): string {
  const home = homedir();
  if (process.platform === 'win32') {
    return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'LLM-TradeBot', 'data');
  }
  if (process.platform === 'darwin')
    return join(home, 'Library', 'Application Support', 'LLM-TradeBot', 'data');
  return join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'llm-tradebot');
}

/** The settings from file and environment, with what the command line says on top. */
export function settingsOf(context: CommandContext, overrides: SettingsTree = {}): Settings {
  const { config } = context.globals();
  const file = config ?? context.environment['TRADEBOT_CONFIG'];
  return loadSettings({
    environment: context.environment,
    overrides,
    ...(file === undefined ? {} : { file }),
  });
}
