import { describe, expect, it } from 'vitest';
import type { KillSwitchView } from '../core/contract/index.ts';
import { statusOf } from '../tests/contracts/fake-contract-service.ts';
import { type TrayCommand, trayImage, trayMenu, trayTooltip } from './tray-menu.ts';

const ENGAGED: KillSwitchView = { engaged: true, at: 1, reason: 'pressed', stage: 'flat', failures: [] };

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
    expect(enabled(trayMenu(statusOf({ trading })))).toEqual(commands);
  });

  it('offers no second emergency stop, and no way to reset the first', () => {
    const menu = trayMenu(statusOf({ trading: 'halted', killSwitch: ENGAGED }));
    expect(enabled(menu)).toEqual(['show', 'quit']);
  });

  it('says mode and state first, so that live never looks like paper', () => {
    expect(trayMenu(statusOf({ mode: 'live' }))[0]).toEqual({
      kind: 'label',
      label: 'LLM-TradeBot · LIVE · trading',
    });
    expect(trayTooltip(statusOf({ trading: 'halted' }))).toBe('LLM-TradeBot · DEMO · HALTED');
  });
});

describe('the tray image', () => {
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
