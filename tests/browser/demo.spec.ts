import { expect, type Page, test } from 'playwright/test';
import { RunningProgram, temporaryFolder, tradebot } from '../integration/program.ts';

/** The headless host as a stranger meets it: the printed link, the demo, the kill switch. */

let folder: ReturnType<typeof temporaryFolder>;
let program: RunningProgram;

test.beforeEach(async () => {
  folder = temporaryFolder();
  program = await RunningProgram.start(folder.path);
});
test.afterEach(async () => {
  await program.stop();
  folder.remove();
});

async function price(page: Page): Promise<string> {
  return page.getByRole('tab').first().innerText();
}

test('the printed link opens a demo that moves, decides with reasons and trades within a minute', async ({
  page,
}) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(program.url);
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  // The token is spent and gone from the address bar.
  expect(page.url()).not.toContain('token');

  await expect(page.getByTestId('chart').locator('canvas').first()).toBeVisible();
  const before = await price(page);
  await expect.poll(() => price(page), { timeout: 10_000 }).not.toBe(before);

  await expect(page.getByTestId('decision-row').first()).toBeVisible();
  const trades = async () =>
    ((await program.get('orders')) as { status: string }[]).filter((o) => o.status === 'FILLED').length;
  await expect.poll(trades, { timeout: 60_000 }).toBeGreaterThan(0);

  await page.getByTestId('nav-decisions').click();
  await page.getByTestId('decision-row').first().click();
  await expect(page.getByTestId('decision-detail')).toContainText('rules');
  await expect(page.getByTestId('decision-detail')).toContainText(/xgboost|out of distribution/);
  expect(complaints).toEqual([]);
});

test('a link works once, and without one there is a login screen', async ({ page, browser }) => {
  await page.goto(program.url);
  await expect(page.getByTestId('mode-banner')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('mode-banner')).toBeVisible();

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(program.url);
  await expect(stranger.getByTestId('login-form')).toBeVisible();
  await stranger.goto(program.origin);
  await expect(stranger.getByTestId('login-form')).toBeVisible();
});

test('the kill switch stops trading at once, survives a restart, and reset asks', async ({ page }) => {
  await page.goto(program.url);
  await page.getByTestId('kill-switch').click();
  await expect(page.getByTestId('kill-banner')).toBeVisible();
  await expect.poll(async () => ((await program.get('positions')) as unknown[]).length).toBe(0);
  const status = (await program.get('status')) as { trading: string; killSwitch: { engaged: boolean } };
  expect(status).toMatchObject({ trading: 'halted', killSwitch: { engaged: true } });
  expect(await program.get('health')).toMatchObject({ ready: false });
  expect(await program.get('health/live')).toMatchObject({ alive: true });

  await program.stop();
  program = await RunningProgram.start(folder.path);
  await page.goto(program.url);
  await expect(page.getByTestId('kill-banner')).toContainText('pressed by the trader');

  await expect.poll(async () => JSON.stringify(await program.get('status'))).toContain('"stage":"flat"');
  await page.getByTestId('reset-open').click();
  const dialog = page.getByTestId('reset-dialog');
  await expect(dialog).toContainText('removes that latch, and nothing else');
  await expect(page.getByTestId('reset-confirm')).toBeDisabled();
  await page.getByTestId('reset-input').fill('RESET');
  await page.getByTestId('reset-confirm').click();
  await expect(page.getByTestId('kill-banner')).toBeHidden();
  // A reset does not start trading: that takes another word.
  const trading = async () => ((await program.get('status')) as { trading: string }).trading;
  await expect.poll(trading).toBe('paused');
  await page.getByTestId('pause-button').click();
  await expect.poll(trading).toBe('running');
});

test('`tradebot kill` from another terminal stops the running program', async ({ page }) => {
  await page.goto(program.url);
  await expect(page.getByTestId('mode-banner')).toBeVisible();
  expect(tradebot('kill', '--reason', 'from the terminal', '--data-dir', folder.path).exitCode).toBe(0);
  await expect(page.getByTestId('kill-banner')).toContainText('from the terminal');
});
