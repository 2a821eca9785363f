import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from 'playwright/test';
import type { StatusView } from '../../core/contract/index.ts';
import type * as standInModule from '../electron/electron.ts';
import { dataDirectory, launchDesktop, quitDesktop } from '../electron/launch.ts';
import { bridgeCall } from './bridge-call.ts';

/**
 * What a real desktop would keep to itself: tray, shortcut and permissions. The stand-in remembers what the program
 * told them, and acts as the trader would.
 */
type StandIn = typeof standInModule;

let home: string;
let app: ElectronApplication;
let page: Page;
/** Of its own accord. */
let hasEnded = false;

test.beforeEach(() => {
  hasEnded = false;
  home = mkdtempSync(join(tmpdir(), 'tradebot-desktop-'));
});
test.afterEach(async () => {
  if (!hasEnded) await quitDesktop(app);
  rmSync(home, { recursive: true, force: true });
});

async function launch(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await launchDesktop(home, environment);
  page = await app.firstWindow();
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
}

/** Playwright's types are Electron's; what runs is the stand-in. */
async function ask<T>(question: (electron: StandIn, value: string) => T, value = ''): Promise<Awaited<T>> {
  const answer: unknown = await app.evaluate(
    question as unknown as Parameters<typeof app.evaluate>[0],
    value,
  );
  return answer as Awaited<T>;
}

async function tray(): Promise<{ toolTip: string; image: string; items: string[] }> {
  return ask(({ standIn }) => {
    const shown = standIn.tray();
    const items = shown?.menu.flatMap(({ label, enabled, click }) => (enabled && click ? [label ?? ''] : []));
    return { toolTip: shown?.toolTip ?? '', image: shown?.image.path ?? '', items: items ?? [] };
  });
}

const clickTray = async (label: string): Promise<void> =>
  ask(({ standIn }, name) => standIn.clickTray(name), label);

test('the tray shows the state; its emergency stop engages the kill switch without a question', async () => {
  await launch();
  expect((await tray()).toolTip).toBe('LLM-TradeBot · DEMO · trading');
  await clickTray('Emergency stop');
  await expect(page.getByTestId('kill-banner')).toContainText('emergency stop from the desktop');
  await expect
    .poll(tray)
    .toMatchObject({ toolTip: 'LLM-TradeBot · DEMO · HALTED', items: ['Show window', 'Quit'] });
  expect((await tray()).image).toMatch(/halted\.png$/);
});

test('the tray pauses and resumes', async () => {
  await launch();
  await clickTray('Pause trading');
  await expect
    .poll(tray)
    .toMatchObject({ items: ['Emergency stop', 'Resume trading', 'Show window', 'Quit'] });
  await clickTray('Resume trading');
  await expect
    .poll(tray)
    .toMatchObject({ items: ['Emergency stop', 'Pause trading', 'Show window', 'Quit'] });
});

test('the tray brings a closed window back', async () => {
  await launch();
  await page.close();
  const opened = app.waitForEvent('window');
  await clickTray('Show window');
  page = await opened;
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
});

test('the emergency shortcut engages the kill switch', async () => {
  await launch();
  await ask(({ standIn }) => standIn.press('Control+Shift+F9'));
  await expect(page.getByTestId('kill-banner')).toContainText('emergency stop from the desktop');
});

test('an emergency shortcut that another program holds is told to the trader', async () => {
  await launch({ STAND_IN_TAKEN_SHORTCUT: 'Control+Shift+F9' });
  await page.getByRole('button', { name: /^Alerts, / }).click();
  await expect(page.getByRole('region', { name: 'Alerts' })).toContainText(
    'The emergency shortcut is not available',
  );
});

test('waking up reconciles', async () => {
  await launch();
  const reconciledAt = async (): Promise<number> => {
    const status = (await bridgeCall(page, 'status.get')) as StatusView;
    return status.reconciliation.at ?? 0;
  };
  const before = await reconciledAt();
  await ask(({ powerMonitor }) => powerMonitor.emit('suspend'));
  const held = page.getByText('No entries: the machine goes to sleep');
  await expect(held.first()).toBeVisible();
  await ask(({ powerMonitor }) => powerMonitor.emit('resume'));
  await expect.poll(reconciledAt).toBeGreaterThan(before);
  await expect(held).toHaveCount(0);
});

for (const [what, end] of [
  [
    'a shutdown',
    ({ powerMonitor }: StandIn) => powerMonitor.emit('shutdown', { preventDefault: () => undefined }),
  ],
  [
    'the end of a Windows session',
    ({ BrowserWindow }: StandIn) =>
      BrowserWindow.getAllWindows()[0]?.emit('session-end', { reasons: ['close-app'] }),
  ],
  ['a closed terminal', () => process.kill(process.pid, 'SIGHUP')],
] as const) {
  test(`${what} ends the program cleanly, without a question`, async () => {
    await launch();
    const exit = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
    // It may be gone before it answers.
    await ask(end).catch(() => undefined);
    expect(await exit).toBe(0);
    hasEnded = true;
    const folder = join(dataDirectory(home), 'logs');
    const log = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
    expect(log).toContain('the program ends');
    expect(log).not.toContain('did not stop cleanly');
  });
}

test('the page has no permission to anything, in a sandbox of its own', async () => {
  await launch();
  const { granted, checked, preferences } = await ask(({ standIn, BrowserWindow }) => {
    let answer: boolean | undefined;
    standIn.permissions.request?.({}, 'media', (allowed) => {
      answer = allowed;
    });
    return {
      granted: answer,
      checked: standIn.permissions.check?.(),
      preferences: BrowserWindow.getAllWindows()[0]?.options.webPreferences,
    };
  });
  expect({ granted, checked }).toEqual({ granted: false, checked: false });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
});

test('a link to the outside opens in the browser of the trader, not in the window', async () => {
  await launch();
  const before = page.url();
  await page.evaluate(() => window.open('https://www.tradingview.com/'));
  const opened = async (): Promise<string[]> => ask(({ standIn }) => standIn.openedOutside);
  await expect.poll(opened).toEqual(['https://www.tradingview.com/']);
  await page.evaluate(() => window.open('file:///etc/passwd'));
  await page.evaluate(() => window.open('https://evil.example/'));
  expect(await opened()).toHaveLength(1);
  expect(page.url()).toBe(before);
  // The stand-in's Chromium opens a denied window and closes it again; Electron opens none.
  await expect.poll(() => app.windows().length).toBe(1);
});

test('the page can hold no other: a webview is refused', async () => {
  await launch();
  const refused = await ask(({ BrowserWindow }) => {
    const event = {
      defaultPrevented: false,
      preventDefault() {
        event.defaultPrevented = true;
      },
    };
    BrowserWindow.getAllWindows()[0]?.webContents.emit('will-attach-webview', event);
    return event.defaultPrevented;
  });
  expect(refused).toBe(true);
});

test('the menu is the program’s own: what developers need is there from the sources alone', async () => {
  await launch();
  const roles = await ask(({ standIn }) =>
    standIn.applicationMenu()?.flatMap(({ submenu }) => submenu?.map(({ role }) => role)),
  );
  expect(roles).toEqual(['reload', 'forceReload', 'toggleDevTools']);
});

test('what the trader must hear of is told by the system while he looks elsewhere', async () => {
  await launch();
  await ask(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur());
  await ask(({ powerMonitor }) => powerMonitor.emit('suspend'));
  const titles = (): Promise<string[]> => ask(({ standIn }) => standIn.notified.map(({ title }) => title));
  await expect.poll(titles).toContain('The machine goes to sleep');
});

test('keys of the trader’s own stop everything, and the tray shows them', async () => {
  const config = join(home, 'settings.json');
  writeFileSync(config, JSON.stringify({ desktop: { emergencyShortcut: 'Control+Shift+F8' } }));
  await launch({ TRADEBOT_CONFIG: config });
  const shown = await ask(
    ({ standIn }) => standIn.tray()?.menu.find(({ label }) => label === 'Emergency stop')?.accelerator,
  );
  expect(shown).toBe('Control+Shift+F8');
  await ask(({ standIn }) => standIn.press('Control+Shift+F8'));
  await expect(page.getByTestId('kill-banner')).toContainText('emergency stop from the desktop');
});
