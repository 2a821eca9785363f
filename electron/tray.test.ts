import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { statusOf } from '../tests/contracts/fake-contract-service.ts';

interface Item {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly click?: () => void;
}

const told = vi.hoisted(() => ({ images: [] as string[], toolTips: [] as string[], menus: [] as Item[][] }));
vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events');
  class Tray extends EventEmitter {
    setImage = (image: string): unknown => told.images.push(image);
    setToolTip = (text: string): unknown => told.toolTips.push(text);
    setContextMenu = (menu: Item[]): unknown => told.menus.push(menu);
  }
  return {
    Tray,
    nativeImage: { createFromPath: (path: string) => path },
    Menu: { buildFromTemplate: (template: Item[]) => template },
  };
});

const { StatusTray } = await import('./tray.ts');

describe('StatusTray', () => {
  it('shows each change once: an open menu must not close under the pointer', () => {
    const commands: string[] = [];
    const tray = new StatusTray('tray', (command) => commands.push(command));
    for (let bar = 0; bar < 3; bar += 1) tray.show(statusOf({ marketTime: bar }));
    tray.show(statusOf({ trading: 'paused' }));
    tray.show(statusOf());
    expect(told.images).toEqual(['running', 'paused', 'running'].map((name) => join('tray', `${name}.png`)));
    expect(told.toolTips.map((text) => text.split(' · ').at(-1))).toEqual(['trading', 'paused', 'trading']);

    const [first] = told.menus;
    expect(first?.[0]).toEqual({ label: 'LLM-TradeBot · DEMO · trading', enabled: false });
    for (const item of first ?? []) item.click?.();
    expect(commands).toEqual(['emergency-stop', 'pause', 'show', 'quit']);
  });
});
