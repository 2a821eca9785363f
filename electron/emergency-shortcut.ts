import { globalShortcut } from 'electron';
import { emergencyShortcut, type Platform, shortcutWords, typedShortcut } from '../core/platform/index.ts';

/** The keys of the emergency stop, and whether they can be had. */
export interface EmergencyShortcut {
  /** As Electron writes them; null: there are none. */
  readonly accelerator: string | null;
  /** Why not as the trader wants it, with what to do; null: all is well. */
  readonly fault: string | null;
}

const OTHERWISE =
  'Use the tray or the window to stop, or choose other keys with the setting desktop.emergencyShortcut';

/** Takes the keys for the emergency stop, from whatever program has the focus: those of the trader, else the system's. */
export function takeEmergencyShortcut(
  wanted: string | null,
  platform: Platform,
  pressed: () => void,
): EmergencyShortcut {
  const usual = emergencyShortcut(platform);
  const typed = wanted === null ? null : typedShortcut(wanted, platform);
  // Keys that typing presses would close everything some day.
  const accelerator = wanted === null || typed !== null ? usual : wanted;
  const refused = typed === null ? [] : [`desktop.emergencyShortcut is not used: ${typed}`];
  if (isTaken(accelerator, pressed)) return { accelerator, fault: refused[0] ?? null };
  const held = `${shortcutWords(accelerator, platform)} cannot be had: another program holds it, or the system does not know it`;
  return { accelerator: null, fault: [...refused, held, OTHERWISE].join('. ') };
}

function isTaken(accelerator: string, pressed: () => void): boolean {
  try {
    return globalShortcut.register(accelerator, pressed);
  } catch {
    // Electron throws at keys that it cannot read.
    return false;
  }
}
