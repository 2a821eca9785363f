import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { type FakeHost, startFakeHost } from './fake-host.ts';

/** The safety page, as built. */

const RENDERER = join(import.meta.dirname, '..', '..', 'out', 'renderer');

let host: FakeHost;
test.beforeEach(async ({ page }) => {
  host = await startFakeHost({ rendererFolder: RENDERER });
  await page.goto(host.url);
  await expect(page.getByTestId('connection-state')).toHaveText('Connected');
  await page.getByTestId('nav-safety').click();
});
test.afterEach(() => host.close());

test('shows each limit with what is used of it', async ({ page }) => {
  const gauges = page.getByTestId('gauges');
  await expect(gauges.first()).toContainText('Drawdown');
  await expect(gauges.first()).toContainText('4.30');
  await expect(gauges.first()).toContainText('Sharpe ratio');
  await expect(gauges.first()).toContainText('asked from 20 on (12 so far)');
  await expect(gauges.last()).toContainText('Positions');
});

test('locks a symbol with a reason and an end, and unlocks it', async ({ page }) => {
  await expect(page.getByTestId('lock-symbol')).toBeDisabled();
  await page.getByLabel('Symbol', { exact: true }).selectOption('ETH/USDT');
  await page.getByLabel('Why', { exact: true }).fill('news at two');
  await page.getByTestId('lock-symbol').click();
  await expect(page.getByTestId('locks')).toContainText('ETH/USDT');
  await expect(page.getByTestId('locks')).toContainText('news at two');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByTestId('locks')).not.toContainText('ETH/USDT');
});

test('has every press of the kill switch, from where, and how long each step took', async ({ page }) => {
  await expect(page.getByText('Never pressed')).toBeVisible();
  await page.getByTestId('kill-switch').click();
  const history = page.getByTestId('kill-history');
  await expect(history).toContainText('from the window');
  await expect(history).toContainText('318 ms');
  await expect(history).toContainText('flat, engaged');
});
