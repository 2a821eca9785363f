import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { app } from 'electron';
import { TraderError } from '../core/domain/index.ts';
import type { Machine } from '../core/platform/index.ts';

/** Says to a program that the system has started it, not a hand: it stays in the tray. */
export const IN_TRAY = '--in-tray';

export interface AutoLaunchSurroundings {
  readonly machine: Pick<Machine, 'platform' | 'environment' | 'home'>;
  readonly isPackaged: boolean;
  /** What runs now. */
  readonly executable: string;
}

/**
 * Has the system start the program with the session, or no longer.
 *
 * @throws TraderError where that cannot be had.
 */
export function setAutoLaunch(wanted: boolean, surroundings: AutoLaunchSurroundings): void {
  const { machine, isPackaged } = surroundings;
  // What runs from its sources has no place of its own that a system could start.
  if (wanted && !isPackaged)
    throw new TraderError(
      'failure',
      'only the installed program can be started with the session: npm start cannot',
    );
  if (machine.platform === 'linux') setAutostartFile(wanted, surroundings);
  else if (isPackaged) app.setLoginItemSettings({ openAtLogin: wanted, args: [IN_TRAY] });
}

/** Where a Linux desktop looks for what to start with the session. */
export function autostartFile({ environment, home }: Pick<Machine, 'environment' | 'home'>): string {
  const configured = environment['XDG_CONFIG_HOME'];
  const folder = configured !== undefined && isAbsolute(configured) ? configured : join(home, '.config');
  return join(folder, 'autostart', 'llm-tradebot.desktop');
}

const MARK = 'X-LLM-TradeBot=true';

/** The desktop entry specification's rules: an argument in quotes, with its own characters escaped, twice for a string. */
export function autostartEntry(executable: string): string {
  const quoted = executable
    .replace(/["`$\\]/g, '\\$&')
    .replace(/\\/g, '\\\\')
    .replace(/%/g, '%%');
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=LLM-TradeBot',
    `Exec="${quoted}" ${IN_TRAY}`,
    'Terminal=false',
    MARK,
    '',
  ].join('\n');
}

function setAutostartFile(wanted: boolean, { machine, executable }: AutoLaunchSurroundings): void {
  const path = autostartFile(machine);
  // An AppImage runs from a folder that is gone with it.
  const entry = autostartEntry(machine.environment['APPIMAGE'] ?? executable);
  const present = contentOf(path);
  if (present === (wanted ? entry : undefined)) return;
  // The trader's own entry of that name is his.
  if (present !== undefined && !present.includes(MARK)) return;
  try {
    if (!wanted) {
      rmSync(path);
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, entry);
  } catch (error) {
    throw new TraderError('failure', `${path} cannot be written`, { cause: error });
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // There is none, or none that can be read: writing it says so.
    return undefined;
  }
}
