import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { statusOf } from '../tests/contracts/fake-contract-service.ts';

interface Item {
  readonly label?: string;
  readonly enabled?: boolean;
  readonly click?: () => void;
  readonly accelerator?: string;
}

const told = vi.hoisted(() => ({
  images: [] as string[],
  toolTips: [] as string[],
  menus: [] as Item[][],
  dockMenus: [] as Item[][],
  trays: [] as { emit(name: string): boolean }[],
}));
vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events');
  class Tray extends EventEmitter {
    constructor() {
      super();
      told.trays.push(this);
    }

    setImage = (image: string): unknown => told.images.push(image);
    setToolTip = (text: string): unknown => told.toolTips.push(text);
    setContextMenu = (menu: Item[]): unknown => told.menus.push(menu);
  }
  return {
    Tray,
    app: { dock: { setMenu: (menu: Item[]) => told.dockMenus.push(menu) } },
    nativeImage: { createFromPath: (path: string) => path },
    Menu: { buildFromTemplate: (template: Item[]) => template },
  };
});

const { StatusTray } = await import('./tray.ts');

describe('StatusTray', () => {
  it('shows each change once: an open menu must not close under the pointer', () => {
    const commands: string[] = [];
    const tray = new StatusTray({
      ...{ imageFolder: 'tray', platform: 'linux', first: statusOf(), emergencyKeys: 'F8' },
      run: (command) => commands.push(command),
    });
    for (let bar = 0; bar < 3; bar += 1) tray.show(statusOf({ marketTime: bar }));
    tray.show(statusOf({ trading: 'paused' }));
    tray.show(statusOf());
    expect(told.images).toEqual(['running', 'paused', 'running'].map((name) => join('tray', `${name}.png`)));
    expect(told.toolTips.map((text) => text.split(' · ').at(-1))).toEqual(['trading', 'paused', 'trading']);

    const [first] = told.menus;
    expect(first?.[0]).toEqual({ label: 'LLM-TradeBot · DEMO · trading', enabled: false });
    for (const item of first ?? []) item.click?.();
    expect(commands).toEqual(['emergency-stop', 'pause', 'show', 'quit']);
    expect(first?.[2]).toMatchObject({
      label: 'Emergency stop',
      accelerator: 'F8',
      registerAccelerator: false,
    });
    // Where there is a dock, it has the same.
    expect(told.dockMenus).toEqual(told.menus);
  });

  it.each([
    ['linux', ['show']],
    ['win32', ['show']],
    ['darwin', []],
  ] as const)('a click on it does on %s: %j', (platform, expected) => {
    const commands: string[] = [];
    const tray = new StatusTray({
      ...{ imageFolder: 'tray', platform, first: statusOf(), emergencyKeys: null },
      run: (command) => commands.push(command),
    });
    tray.show(statusOf());
    told.trays.at(-1)?.emit('click');
    expect(commands).toEqual(expected);
  });
});
