import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KillSwitchView } from '../core/contract/index.ts';
import { statusOf } from '../tests/contracts/fake-contract-service.ts';
import { type TrayCommand, trayImage, trayImageFile, trayMenu, trayTooltip } from './tray-menu.ts';

const ENGAGED: KillSwitchView = { engaged: true, at: 1, reason: 'pressed', stage: 'flat', failures: [] };

const KEYS = 'Control+Shift+F9';
const TRAY = join(import.meta.dirname, '..', 'resources', 'tray');

function enabled(menu: ReturnType<typeof trayMenu>): TrayCommand[] {
  return menu.flatMap((item) => (item.kind === 'command' && item.enabled ? [item.command] : []));
}

describe('the tray menu', () => {
  it.each([
    ['running', ['emergency-stop', 'pause', 'show', 'quit']],
    ['paused', ['emergency-stop', 'resume', 'show', 'quit']],
    ['starting', ['emergency-stop', 'show', 'quit']],
    ['stopped', ['emergency-stop', 'show', 'quit']],
    ['halted', ['emergency-stop', 'show', 'quit']],
  ] as const)('offers while %s what makes sense, the emergency stop always', (trading, commands) => {
    expect(enabled(trayMenu(statusOf({ trading }), KEYS))).toEqual(commands);
  });

  it('offers no second emergency stop, and no way to reset the first', () => {
    const menu = trayMenu(statusOf({ trading: 'halted', killSwitch: ENGAGED }), KEYS);
    expect(enabled(menu)).toEqual(['show', 'quit']);
  });

  it('says mode and state first, so that live never looks like paper', () => {
    expect(trayMenu(statusOf({ mode: 'live' }), KEYS)[0]).toEqual({
      kind: 'label',
      label: 'LLM-TradeBot · LIVE · trading',
    });
    expect(trayTooltip(statusOf({ trading: 'halted' }))).toBe('LLM-TradeBot · DEMO · HALTED');
  });
});

describe('the keys of the emergency stop', () => {
  it('stand beside it', () => {
    const stop = trayMenu(statusOf(), KEYS).find((item) => item.kind === 'command');
    expect(stop).toMatchObject({ command: 'emergency-stop', keys: KEYS });
  });

  it('that cannot be had are said to be none', () => {
    const menu = trayMenu(statusOf(), null);
    expect(menu[2]).not.toHaveProperty('keys');
    expect(menu[3]).toEqual({ kind: 'label', label: 'Its keys cannot be had: see Alerts' });
  });
});

describe('the tray image', () => {
  it.each([
    ['linux', 'running.png', ['running@2x.png']],
    ['win32', 'running.ico', []],
    // macOS knows a template, which it colours for light and dark, by its name.
    ['darwin', 'runningTemplate.png', ['runningTemplate@2x.png']],
  ] as const)('on %s is %s', (platform, file, others) => {
    expect(trayImageFile(statusOf(), platform)).toBe(file);
    for (const trading of ['running', 'paused', 'halted'] as const) {
      const own = trayImageFile(statusOf({ trading }), platform);
      for (const each of [own, ...others.map((other) => other.replace('running', trading))])
        expect([each, existsSync(join(TRAY, each))]).toEqual([each, true]);
    }
  });

  it.each([
    ['running', 'running'],
    ['starting', 'running'],
    ['paused', 'paused'],
    ['stopped', 'paused'],
    ['halted', 'halted'],
  ] as const)('while %s is %s', (trading, image) => {
    expect(trayImage(statusOf({ trading }))).toBe(image);
  });

  it('shows the kill switch whatever the loop says', () => {
    expect(trayImage(statusOf({ trading: 'running', killSwitch: ENGAGED }))).toBe('halted');
  });
});
