import type { Environment, Machine, Platform } from './machine.ts';

/** A program to start without a shell. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Environment;
}

/** Why there can be no window here; undefined: there can. */
export function windowObstacle({
  platform,
  environment,
  userId,
}: Pick<Machine, 'platform' | 'environment' | 'userId'>): string | undefined {
  if (platform !== 'linux') return undefined;
  if (!hasDisplay(environment)) return 'there is no display';
  return userId === 0 ? 'the desktop application does not run as root' : undefined;
}

const hasDisplay = (environment: Environment): boolean =>
  [environment['DISPLAY'], environment['WAYLAND_DISPLAY']].some((display) => display);

/**
 * What opens a file in the user's browser; null where nobody would see it. The arguments can be read by every user of the
 * machine, so that what is secret stays in the file; and the browser gets none of the program's own variables, since keys
 * may be among them.
 *
 * @param page path of an HTML file.
 */
export function browserOpener(
  { platform, environment }: Pick<Machine, 'platform' | 'environment'>,
  page: string,
): Command | null {
  const own = Object.entries(environment).filter(([name]) => !/^TRADEBOT_/i.test(name));
  const kept = { environment: Object.fromEntries(own) };
  if (platform === 'darwin') return { command: '/usr/bin/open', args: [page], ...kept };
  if (platform === 'win32')
    return { command: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', page], ...kept };
  return hasDisplay(environment) ? { command: 'xdg-open', args: [page], ...kept } : null;
}

/**
 * What tells a program to stop: Ctrl-C, a polite kill, and a terminal that is closed, which under Windows is SIGHUP, with
 * Ctrl-Break as SIGBREAK; there no other program can send any of them.
 */
export function stopSignals(platform: Platform): readonly NodeJS.Signals[] {
  return platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];
}

/** Whether a process is there; one of another user is there as well. @param signal `process.kill`, or a test's. */
export function isProcess(
  pid: number,
  signal: (pid: number, signal: 0) => unknown = process.kill.bind(process),
): boolean {
  try {
    signal(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * The keys of the emergency stop unless the trader chooses others, as Electron writes them. Not Ctrl+Alt with a letter:
 * that is AltGr, by which many keyboards type.
 */
export function emergencyShortcut(platform: Platform): string {
  return platform === 'darwin' ? 'Command+Alt+K' : 'Control+Shift+F9';
}

const MAC_KEYS: Readonly<Record<string, string>> = {
  command: '⌘',
  cmd: '⌘',
  commandorcontrol: '⌘',
  cmdorctrl: '⌘',
  control: '⌃',
  ctrl: '⌃',
  alt: '⌥',
  option: '⌥',
  shift: '⇧',
};
const OTHER_KEYS: Readonly<Record<string, string>> = {
  commandorcontrol: 'Ctrl',
  cmdorctrl: 'Ctrl',
  control: 'Ctrl',
  super: 'Win',
  meta: 'Win',
};

/** A shortcut in Electron's words as this platform's users read it: `⌥⌘K`, `Ctrl+Shift+F9`. */
export function shortcutWords(accelerator: string, platform: Platform): string {
  const keys = accelerator.split('+');
  if (platform !== 'darwin') return keys.map((key) => OTHER_KEYS[key.toLowerCase()] ?? key).join('+');
  const shown = keys.map((key) => MAC_KEYS[key.toLowerCase()] ?? key);
  const modifiers = ['⌃', '⌥', '⇧', '⌘'].filter((sign) => shown.includes(sign));
  return [...modifiers, ...shown.filter((key) => !modifiers.includes(key))].join('');
}

/** Why a shortcut would be pressed by typing; null: it would not. */
export function typedShortcut(accelerator: string, platform: Platform): string | null {
  const keys = accelerator.toLowerCase().split('+');
  const key = keys.at(-1) ?? '';
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => keys.slice(0, -1).includes(name));
  const isFunctionKey = /^f([1-9]|1\d|2[0-4])$/.test(key);
  const either = has('commandorcontrol', 'cmdorctrl');
  const command = has('command', 'cmd', 'super', 'meta') || (either && platform === 'darwin');
  const control = has('control', 'ctrl') || (either && platform !== 'darwin');
  if (!command && !control && !isFunctionKey)
    return `${accelerator} has neither Ctrl nor Command: typing would press it`;
  const altGr = has('altgr') || (control && !command && has('alt', 'option') && platform !== 'darwin');
  return altGr && !isFunctionKey
    ? `${accelerator} is AltGr+${key.toUpperCase()} on many keyboards: typing would press it`
    : null;
}

/** What to do where the system lets nobody listen on a port. */
export function refusedPortAdvice(platform: Platform, port: number): string {
  if (platform === 'win32')
    return `Windows keeps port ${port} for itself, as Hyper-V, WSL and Docker have it do (netsh interface ipv4 show excludedportrange protocol=tcp lists such ports): choose another`;
  return port < 1024
    ? `port ${port} is for the system alone: choose one above 1023`
    : `the system allows nobody to listen on port ${port}: choose another`;
}
