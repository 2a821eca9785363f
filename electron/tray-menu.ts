import type { StatusView } from '../core/contract/index.ts';

export type TrayItem =
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'separator' }
  | {
      readonly kind: 'command';
      readonly label: string;
      readonly command: TrayCommand;
      readonly enabled: boolean;
    };

export type TrayCommand = 'show' | 'emergency-stop' | 'pause' | 'resume' | 'quit';

const STATE_WORDS: Readonly<Record<StatusView['trading'], string>> = {
  starting: 'starting',
  running: 'trading',
  paused: 'paused',
  halted: 'HALTED',
  stopped: 'stopped',
};

/** What the tray shows for a status. The emergency stop is always there and never asks. */
export function trayMenu(status: StatusView): readonly TrayItem[] {
  const paused = status.trading === 'paused';
  return [
    { kind: 'label', label: trayTooltip(status) },
    { kind: 'separator' },
    {
      kind: 'command',
      label: 'Emergency stop',
      command: 'emergency-stop',
      enabled: !status.killSwitch.engaged,
    },
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

/** Name of the tray image for a status, in `resources/tray/`. */
export function trayImage(status: StatusView): 'running' | 'paused' | 'halted' {
  if (status.killSwitch.engaged || status.trading === 'halted') return 'halted';
  return status.trading === 'running' || status.trading === 'starting' ? 'running' : 'paused';
}
