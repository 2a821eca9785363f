import { posix, win32 } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

/**
 * Where databases, logs and the latch of the kill switch lie: where `TRADEBOT_DATA_DIR` says, else the platform's usual
 * place. The same for every host, or `tradebot kill` would not find the desktop application that it is to stop.
 */
export function dataDirectoryIn(surroundings: Surroundings): string {
  return folderIn(surroundings, 'TRADEBOT_DATA_DIR') ?? usualDataDirectory(surroundings);
}

function usualDataDirectory(surroundings: Surroundings): string {
  const { platform, home } = surroundings;
  const { join } = pathsOf(platform);
  if (platform === 'win32')
    return join(
      folderIn(surroundings, 'APPDATA') ?? join(home, 'AppData', 'Roaming'),
      'LLM-TradeBot',
      'data',
    );
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'LLM-TradeBot', 'data');
  return join(folderIn(surroundings, 'XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'llm-tradebot');
}

/**
 * A folder that the environment names; undefined where it names none. An empty or a relative one is none: it would be
 * another folder for each place that a program is started from, and `tradebot kill` would not find what it is to stop.
 */
export function folderIn(
  { platform, environment }: Pick<Surroundings, 'platform' | 'environment'>,
  variable: string,
): string | undefined {
  const named = environment[variable];
  return named !== undefined && pathsOf(platform).isAbsolute(named) ? named : undefined;
}

const pathsOf = (platform: NodeJS.Platform) => (platform === 'win32' ? win32 : posix);
