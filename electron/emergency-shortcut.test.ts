import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emergencyShortcut, shortcutWords } from '../core/platform/index.ts';
import { USUAL_EMERGENCY_KEYS } from '../renderer/pages/settings/settings-catalogue.ts';

const keys = vi.hoisted(() => ({ held: new Set<string>(), mine: new Map<string, () => void>() }));
vi.mock('electron', () => ({
  globalShortcut: {
    register(accelerator: string, pressed: () => void): boolean {
      if (accelerator.includes('Nonsense')) throw new TypeError('Error processing argument');
      if (keys.held.has(accelerator)) return false;
      keys.mine.set(accelerator, pressed);
      return true;
    },
  },
}));

const { takeEmergencyShortcut } = await import('./emergency-shortcut.ts');

beforeEach(() => {
  keys.held.clear();
  keys.mine.clear();
});

describe('the emergency shortcut', () => {
  it.each([
    ['win32', 'Control+Shift+F9'],
    ['linux', 'Control+Shift+F9'],
    ['darwin', 'Command+Alt+K'],
  ] as const)('on %s is %s, unless the trader wants another', (platform, accelerator) => {
    const press = vi.fn<() => void>();
    expect(takeEmergencyShortcut(null, platform, press)).toEqual({ accelerator, fault: null });
    expect(takeEmergencyShortcut('F8', platform, press)).toEqual({ accelerator: 'F8', fault: null });
    keys.mine.get(accelerator)?.();
    keys.mine.get('F8')?.();
    expect(press).toHaveBeenCalledTimes(2);
  });

  it('that typing would press is not used: AltGr is Ctrl+Alt', () => {
    const taken = takeEmergencyShortcut('Control+Alt+K', 'win32', () => undefined);
    expect(taken.accelerator).toBe('Control+Shift+F9');
    expect(taken.fault).toMatch(/^desktop\.emergencyShortcut is not used: .*AltGr/);
    expect([...keys.mine.keys()]).toEqual(['Control+Shift+F9']);
  });

  it.each(['Control+Nonsense', 'Control+Shift+F9'])(
    '%s that cannot be had says what to do instead',
    (wanted) => {
      keys.held.add(wanted);
      const taken = takeEmergencyShortcut(wanted, 'linux', () => undefined);
      expect(taken.accelerator).toBeNull();
      expect(taken.fault).toMatch(/^Ctrl\+\S+ cannot be had: .* the tray .*desktop\.emergencyShortcut$/);
    },
  );

  it('is what the settings page shows', () => {
    expect(USUAL_EMERGENCY_KEYS).toEqual({
      elsewhere: shortcutWords(emergencyShortcut('win32'), 'win32'),
      mac: shortcutWords(emergencyShortcut('darwin'), 'darwin'),
    });
    expect(emergencyShortcut('linux')).toBe(emergencyShortcut('win32'));
  });
});
