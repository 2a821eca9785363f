import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, expect, type Page, test } from 'playwright/test';
import { dataDirectory, desktopLaunch, launchDesktop, quitDesktop } from '../electron/launch.ts';
import { bridgeCall } from './bridge-call.ts';

/** The built desktop application, driven from outside: the real binary where there is one, else its stand-in. */

let home: string;
let app: ElectronApplication;
let page: Page;

test.beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tradebot-desktop-'));
  await launch();
});
test.afterEach(async () => {
  await quitDesktop(app);
  rmSync(home, { recursive: true, force: true });
});

async function launch(): Promise<void> {
  app = await launchDesktop(home);
  page = await app.firstWindow();
}

async function openPositions(): Promise<number> {
  return ((await bridgeCall(page, 'positions.list')) as unknown[]).length;
}

function log(): string {
  const folder = join(dataDirectory(home), 'logs');
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

test('shows the program in its own window, without a word over the network', async () => {
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  await expect(page.getByTestId('mode-banner')).toContainText('Simulated market, paper money');
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.reload();
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  expect(requests.length).toBeGreaterThan(1);
  const own = new URL(page.url()).host;
  expect(requests.filter((url) => !url.startsWith('data:') && new URL(url).host !== own)).toEqual([]);
  // Nothing in the page offends its content security policy.
  expect(complaints).toEqual([]);
});

test('decides and trades: what happens in the main process appears in the window', async () => {
  await page.getByTestId('nav-decisions').click();
  await expect(page.getByTestId('decision-row').first()).toContainText('USDT', { timeout: 30_000 });
});

test('the models vote from a thread of their own, also in the bundle', async () => {
  const vote = async () => {
    const latest = await bridgeCall(page, 'models.latest', { symbol: 'BTC/USDT' }).catch(() => undefined);
    return (latest as { vote: { kind: string } } | undefined)?.vote.kind;
  };
  await expect.poll(vote, { timeout: 20_000 }).toBe('vote');
});

test('the page gets the bridge and nothing of Node or Electron', async () => {
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  const reachable = await page.evaluate(() => ({
    bridge: Object.keys(window.tradebot ?? {}).sort(),
    frozen: Object.isFrozen(window.tradebot),
    node: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis),
  }));
  expect(reachable).toEqual({ bridge: ['onFrame', 'send'], frozen: true, node: [] });
});

test('a page cannot be led elsewhere, and a foreign page is not heard', async () => {
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  const home = page.url();
  await page.evaluate(() => {
    window.location.href = 'https://evil.example/';
  });
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  expect(page.url()).toBe(home);

  const foreign = 'data:text/html,<title>foreign</title>';
  await app.evaluate(
    async ({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url),
    foreign,
  );
  await expect(page).toHaveTitle('foreign');
  await page.evaluate(() => window.tradebot?.send({ type: 'call', id: 1, method: 'killSwitch.activate' }));
  await expect.poll(log).toContain('dropped a frame from a foreign sender');
  await app.evaluate(async ({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.loadURL('app://tradebot/index.html'),
  );
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  expect(await bridgeCall(page, 'status.get')).toMatchObject({ killSwitch: { engaged: false } });
});

test('a second start shows the window of the first', async () => {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const { executablePath, args, env } = desktopLaunch(home);
  const second = spawn(executablePath, ['--no-sandbox', ...args], { env, stdio: 'ignore' });
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect
    .poll(async () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('the window comes back where it was', async () => {
  const bounds = { x: 40, y: 30, width: 1200, height: 800 };
  await app.evaluate(
    ({ BrowserWindow }, where) => BrowserWindow.getAllWindows()[0]?.setBounds(where),
    bounds,
  );
  await quitDesktop(app);
  await launch();
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(
    bounds,
  );
});

test('closing the window keeps trading, and the next look opens a new one', async () => {
  const closed = page.waitForEvent('close');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await closed;
  const opened = app.waitForEvent('window');
  await app.evaluate(({ app }) => app.emit('activate'));
  page = await opened;
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  expect(await bridgeCall(page, 'status.get')).toMatchObject({ trading: 'running' });
});

test('quitting with open positions asks, and stays when told so', async () => {
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  await expect.poll(openPositions, { timeout: 60_000 }).toBeGreaterThan(0);
  await app.evaluate(({ app, dialog }) => {
    dialog.showMessageBox = (async (box: { message: string }) => {
      Object.assign(globalThis, { asked: box.message });
      return { response: 0, checkboxChecked: false };
    }) as unknown as typeof dialog.showMessageBox;
    app.quit();
  });
  const asked = async (): Promise<unknown> => app.evaluate(() => (globalThis as { asked?: unknown }).asked);
  await expect.poll(asked).toMatch(/positions? (is|are) open\.$/);
  expect(await bridgeCall(page, 'status.get')).toMatchObject({ trading: 'running' });
});
