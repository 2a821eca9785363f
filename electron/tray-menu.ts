import type { StatusView } from '../core/contract/index.ts';
import type { Platform } from '../core/platform/index.ts';

export type TrayItem =
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'command';
      readonly label: string;
      readonly command: TrayCommand;
      readonly enabled: boolean;
      /** The keys that do the same from any program, as Electron writes them. */
      readonly keys?: string;
    };

export type TrayCommand = 'show' | 'emergency-stop' | 'pause' | 'resume' | 'quit';

const STATE_WORDS: Readonly<Record<StatusView['trading'], string>> = {
  starting: 'starting',
  running: 'trading',
  paused: 'paused',
  halted: 'HALTED',
  stopped: 'stopped',
};

const NO_KEYS: TrayItem = { kind: 'label', label: 'Its keys cannot be had: see Alerts' };

/**
 * What the tray shows for a status. The emergency stop is always there and never asks.
 *
 * @param keys that do the emergency stop; null where they cannot be had, which is said.
 */
export function trayMenu(status: StatusView, keys: string | null): readonly TrayItem[] {
  const paused = status.trading === 'paused';
  return [
    { kind: 'label', label: trayTooltip(status) },
    { kind: 'separator' },
    {
      kind: 'command',
      label: 'Emergency stop',
      command: 'emergency-stop',
      enabled: !status.killSwitch.engaged,
      ...(keys === null ? {} : { keys }),
    },
    ...(keys === null ? [NO_KEYS] : []),
    paused
      ? { kind: 'command', label: 'Resume trading', command: 'resume', enabled: true }
      : { kind: 'command', label: 'Pause trading', command: 'pause', enabled: status.trading === 'running' },
    { kind: 'separator' },
    { kind: 'command', label: 'Show window', command: 'show', enabled: true },
    { kind: 'command', label: 'Quit', command: 'quit', enabled: true },
  ];
}

export function trayTooltip(status: StatusView): string {
  return `LLM-TradeBot · ${status.mode.toUpperCase()} · ${STATE_WORDS[status.trading]}`;
}

/**
 * The tray image of a status, in `resources/tray/`. macOS colours a template image itself, so that its states differ by
 * shape; Windows takes the size it needs from an icon.
 */
export function trayImageFile(status: StatusView, platform: Platform): string {
  const image = trayImage(status);
  if (platform === 'darwin') return `${image}Template.png`;
  return platform === 'win32' ? `${image}.ico` : `${image}.png`;
}

export function trayImage(status: StatusView): 'running' | 'paused' | 'halted' {
  if (status.killSwitch.engaged || status.trading === 'halted') return 'halted';
  return status.trading === 'running' || status.trading === 'starting' ? 'running' : 'paused';
}
