import { join } from 'node:path';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

/**
 * Where databases, logs and the latch of the kill switch lie when nobody says otherwise: the platform's usual place.
 * The same for every host, or `tradebot kill` would not find the desktop application that it is to stop.
 */
export function defaultDataDirectory({ platform, environment, home }: Surroundings): string {
  if (platform === 'win32') {
    return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'LLM-TradeBot', 'data');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'LLM-TradeBot', 'data');
  return join(environment['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'llm-tradebot');
}
