import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { type FakeHost, startFakeHost } from './fake-host.ts';

/** The Alerts page: what waits for the trader, and how it gets out of the program. */

const RENDERER = join(import.meta.dirname, '..', '..', 'out', 'renderer');

let host: FakeHost;
test.beforeEach(async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  host = await startFakeHost({ rendererFolder: RENDERER });
  await page.goto(host.url);
  await expect(page.getByTestId('decision-row').first()).toBeVisible();
});
test.afterEach(() => host.close());

async function expectNothingClipped(page: Page): Promise<void> {
  const wide = await page
    .locator('.alerts-page, .alerts-page .table-scroll')
    .evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth).length);
  expect(wide).toBe(0);
  await expect(page.getByTestId('nav-settings')).toBeInViewport({ ratio: 1 });
}

test('what is critical waits behind the bell and on the Alerts page until it is acknowledged', async ({
  page,
}) => {
  host.trading.alert('critical', 'Kill switch engaged', 'from the window');
  host.trading.alert('critical', 'No stop at the venue', 'BTC/USDT: place one, or close the position');
  host.trading.alert('warning', 'Market data is old', 'BTC/USDT: nothing for 40 s');
  host.trading.change({});
  await page.getByRole('button', { name: /^Alerts, / }).click();
  await expect(page.getByTestId('alerts-all')).toContainText('2 are not acknowledged');
  await page.getByTestId('alerts-all').press('Enter');
  await expect(page.getByTestId('nav-alerts')).toHaveAttribute('aria-current', 'page');
  await expect(page.getByTestId('alerts-all')).toHaveCount(0);
  const open = page.getByTestId('alert-open');
  await expect(open).toHaveCount(2);
  await expect(open.first()).toContainText('place one, or close the position');
  await expectNothingClipped(page);

  const told = page.getByTestId('alerts-told').locator('tbody tr');
  await expect(told.filter({ hasText: 'Kill switch engaged' })).toContainText('waits for you');
  await page.getByRole('button', { name: 'Acknowledge: Kill switch engaged' }).press('Enter');
  await expect(open).toHaveCount(1);
  await expect(told.filter({ hasText: 'Kill switch engaged' })).toContainText('the trader from the window');
  host.trading.alert('critical', 'Drawdown', '11 % below the peak');
  await expect(open).toHaveCount(2);
  host.trading.refuseNext('alerts.acknowledge', 'the books cannot be written');
  await page.getByTestId('acknowledge-all').click();
  await expect(page.getByRole('alert')).toHaveText('It was not acknowledged: the books cannot be written');
  await page.getByTestId('acknowledge-all').click();
  await expect(open).toHaveCount(0);
  await expect(page.getByText('nothing waits', { exact: true })).toBeVisible();
});

test('each channel says what it has or needs and how it did, and sends a test', async ({ page }) => {
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  const channel = (name: string) => page.getByTestId('alert-channels').locator(`tr[data-channel=${name}]`);
  await expect(channel('slack')).toHaveAttribute('data-state', 'ready');
  await expect(channel('slack')).toContainText('to the webhook at hooks.slack.com');
  await expect(channel('slack')).toContainText('2025-01-05 12:00');
  await expect(channel('slack')).toContainText('Slack says 404: no_service');
  await expect(channel('webhook')).toContainText('not ready');
  await expect(channel('webhook').locator('.code')).toHaveText('tradebot keys set webhook.url');
  await expect(channel('telegram')).toContainText('tradebot keys set telegram.botToken');
  await expectNothingClipped(page);

  const deliveries = page.getByTestId('alert-deliveries').locator('tbody tr');
  await expect(deliveries).toHaveCount(2);
  await page.getByRole('button', { name: 'Send a test by Slack' }).press('Enter');
  await expect(page.getByTestId('test-word-slack')).toHaveText('test sent Slack has taken it');
  await expect(deliveries).toHaveCount(3);
  await page.getByRole('button', { name: 'Send a test by Webhook' }).click();
  await expect(page.getByTestId('test-word-webhook')).toContainText('test not sent lacks its address');
  const rule = (name: string) => page.getByTestId('alert-rules').locator(`tr[data-rule=${name}]`);
  await expect(rule('venue')).toContainText('Slack; Webhook once it is ready');
  await expect(rule('data')).toContainText('Only shown here: alerts.rules.data is off');
});

test('where nothing is set up the page says what would have to be', async ({ page }) => {
  host.trading.alerts.turnOff();
  await page.getByTestId('nav-alerts').click();
  await expect(page.getByText('none is turned on: alerts are shown in this program only')).toBeVisible();
  await expect(page.getByText('Nothing was sent: no channel is turned on')).toBeVisible();
  await expect(page.getByText('Nothing was told yet')).toBeVisible();
  await expect(page.getByText('Only shown here: no channel is turned on').first()).toBeVisible();
  await expectNothingClipped(page);
});
