import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { figuresCommand, strategySentence } from '../../core/contract/index.ts';
import { PAGES } from '../../renderer/stores/index.ts';
import { type FakeHost, type FakeHostOptions, startFakeHost } from './fake-host.ts';

/** The built pages before a made-up engine, which can be made to fail as a real one will not on demand. */

const RENDERER = join(import.meta.dirname, '..', '..', 'out', 'renderer');
const BAR_MS = 3_600_000;

let host: FakeHost;
test.afterEach(() => host.close());

async function open(page: Page, options: Partial<FakeHostOptions> = {}): Promise<void> {
  host = await startFakeHost({ rendererFolder: RENDERER, ...options });
  await page.goto(host.url);
}

async function shown(page: Page): Promise<void> {
  await expect(page.getByTestId('connection-state')).toHaveText('Connected');
  await expect(page.getByTestId('decision-row').first()).toBeVisible();
}

test('a stranger is told how to log in, and a pasted link lets him in once', async ({ page, browser }) => {
  await open(page, { login: true });
  const form = page.getByTestId('login-form');
  await expect(form).toContainText('Open the URL that the program printed');
  await page.getByTestId('login-token').fill('what?');
  await form.getByRole('button').click();
  await expect(form.getByRole('alert')).toContainText('There is no token');
  await page.getByTestId('login-token').fill(host.loginUrl);
  await form.getByRole('button').click();
  await shown(page);

  const other = await (await browser.newContext()).newPage();
  await other.goto(host.loginUrl);
  await expect(other.getByTestId('login-form')).toBeVisible();
  await expect(other.getByRole('log')).toContainText('used before');
  expect(other.url()).not.toContain('token');
});

test('every page says the same of the strategy as the README, with the command that makes its figures', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  await shown(page);
  for (const name of PAGES) {
    await page.getByTestId(`nav-${name}`).click();
    await expect(page.getByTestId(`nav-${name}`)).toHaveAttribute('aria-current', 'page');
    await expect(page.getByTestId('strategy-claim')).toBeInViewport({ ratio: 1 });
    await expect(page.getByTestId('strategy-claim')).toHaveText(strategySentence('ensemble'));
    await expect(page.getByTestId('strategy-command')).toBeInViewport({ ratio: 1 });
    await expect(page.getByTestId('strategy-command')).toHaveText(figuresCommand('ensemble'));
  }
});

test('a lost connection looks lost, refuses commands at once, and comes back with the present', async ({
  page,
}) => {
  await open(page);
  await shown(page);
  const bars = page.getByTestId('chart');
  await expect(bars).toHaveAttribute('data-bars', '500');
  host.disconnect(true);
  await expect(page.getByTestId('connection-state')).not.toHaveText('Connected');
  await expect(page.getByText('Not live: this is how things stood')).toBeVisible();
  await page.getByRole('button', { name: 'Connect now' }).click();
  await expect(page.locator('.chart-panel')).toHaveAttribute('data-stale', 'true');
  await page.getByTestId('kill-switch').click();
  await expect(page.getByRole('log')).toContainText('nothing was sent');
  await expect(page.getByRole('log')).toContainText('tradebot kill');

  host.trading.tick(BAR_MS);
  host.trading.tick(BAR_MS);
  host.accept();
  await shown(page);
  await expect(bars).toHaveAttribute('data-bars', '502');
  await expect(page.getByTestId('kill-banner')).toBeHidden();
  await expect(page.locator('.chart-panel')).toHaveAttribute('data-stale', 'false');
});

test('a silent feed is marked and dims what depends on it, and nothing else', async ({ page }) => {
  await open(page);
  await shown(page);
  host.trading.silence(['ETH/USDT'], 47_000);
  await expect(page.getByText('Market data of ETH/USDT is stale')).toContainText('No entries there');
  await expect(page.getByRole('tab', { name: 'ETH/USDT' }).getByRole('img')).toHaveText(
    'its data is too old',
  );
  await expect(page.locator('.chart-panel')).toHaveAttribute('data-stale', 'false');
  await page.getByRole('tab', { name: 'ETH/USDT' }).click();
  await expect(page.locator('.chart-panel')).toHaveAttribute('data-stale', 'true');
  host.trading.silence(['BTC/USDT', 'ETH/USDT', 'SOL/USDT'], 47_000);
  await expect(page.getByText('Market data is stale')).toContainText('last message 47 s ago');
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
]) {
  test(`at ${viewport.width} by ${viewport.height} the kill switch is in sight on every page and nothing scrolls away`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await open(page);
    await shown(page);
    for (const name of ['trade', 'decisions', 'orders', 'trades', 'performance', 'settings']) {
      await page.getByTestId(`nav-${name}`).click();
      await expect(page.getByTestId('kill-switch')).toBeInViewport({ ratio: 1 });
      await expect(page.getByTestId('pause-button')).toBeInViewport({ ratio: 1 });
      const overflow = await page.evaluate(() => {
        const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
        return [scrollWidth - clientWidth, scrollHeight - clientHeight];
      });
      expect(overflow).toEqual([0, 0]);
    }
    await page.getByTestId('nav-trade').click();
    for (const part of ['chart', 'positions-table', 'orders-table', 'decisions-list', 'equity']) {
      await expect(page.getByTestId(part)).toBeInViewport();
    }
  });
}

for (const width of [1440, 1000, 560]) {
  test(`at a width of ${width} no figure runs into the next and no part of the settings is cut off`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page);
    await page.getByTestId('nav-performance').click();
    await expect(page.locator('.metric').first()).toBeVisible();
    await page.getByTestId('nav-settings').click();
    await expect(page.getByTestId('venue-check')).toBeVisible();
    expect(await wider(page, '.venue-columns, .venue-form, .venue-mode')).toEqual([]);
    await page.getByTestId('nav-performance').click();
    expect(await wider(page, '.metric-value')).toEqual([]);
  });
}

test('each figure of the account has its sample, its interval and its definition with it', async ({
  page,
}) => {
  await open(page);
  await page.getByTestId('nav-performance').click();
  const sharpe = page.locator('.metric', { hasText: 'Sharpe' });
  await expect(sharpe).toHaveAttribute('title', /square root of 365/);
  await expect(sharpe).toContainText('95 %: −0.4 to 3.1');
  await expect(page.locator('.metric', { hasText: 'Profit factor' })).toContainText('1.31');
});

test('trades are looked for, grouped, added up and saved', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-trades').click();
  const rows = page.getByTestId('trade-history').locator('tbody tr:not(.group-row)');
  await expect.poll(() => rows.count()).toBeGreaterThan(3);
  const all = await rows.count();
  await expect(page.getByTestId('trade-totals')).toContainText(/\d+ trades, \d+\s% won, net .* USDT/);
  await page.getByLabel('Outcome').selectOption('Won');
  await expect.poll(() => rows.count()).toBeLessThan(all);
  await expect(page.getByTestId('trade-totals')).toContainText('100 % won');
  await page.getByLabel('Group').selectOption('By symbol');
  await expect(page.locator('.group-row').first()).toContainText(/USDT \d+ trades?, 100/);
  await page.getByLabel('Outcome').selectOption('Won and lost');
  await page.getByLabel('Sort by').selectOption('Sort: Net P&L');
  await page.getByLabel('Group').selectOption('Not grouped');
  await expect(rows.first().locator('.delta')).toHaveClass(/up/);
  const saved = page.waitForEvent('download');
  await page.getByTestId('export-trades').click();
  const file = await (await saved).path();
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(lines[0]).toMatch(/^opened_at,closed_at,symbol,base_asset,quote_asset/);
  expect(lines.length - 1).toBeGreaterThanOrEqual(all);
  await page.getByLabel('Side').selectOption('Short');
  await expect(page.getByText('No trade matches')).toBeVisible();
});

test('results are shown by day and by what trades were, of the days that are asked for', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-performance').click();
  await expect(
    page.locator('.calendar-day[data-level="4"], .calendar-day[data-level="-4"]').first(),
  ).toHaveAttribute('title', /\d{4}-\d\d-\d\d: [+−][\d,.]+ USDT, \d+ of \d+ won/);
  await expect(page.getByTestId('breakdown').locator('tbody tr').first()).toContainText('/USDT');
  const by = page.getByRole('tablist', { name: 'Results by' });
  await by.getByRole('tab', { name: 'Exit' }).click();
  await expect(page.getByTestId('breakdown').locator('tbody tr').first()).toContainText(/Stop|Exit/);
  await by.getByRole('tab', { name: 'Weekday of opening' }).click();
  await expect(page.getByTestId('breakdown').locator('tbody tr').first()).toContainText('Monday');
  await page.getByLabel('Results to').fill('2001-01-01');
  await expect(page.getByText('No equity in these days')).toBeVisible();
});

test('a trade shows how far it went, takes a note and tags, and is found by them', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-trades').click();
  const rows = page.getByTestId('trade-history').locator('tbody tr');
  await expect(rows.first()).toContainText(/\d\.\d\d R/);
  await rows.first().getByTestId('trade-note').click();
  const dialog = page.getByTestId('notes-dialog');
  await dialog.getByLabel('Tags').fill('late; wrong');
  await dialog.getByTestId('notes-save').click();
  await expect(dialog.getByRole('alert')).toContainText('“late; wrong” is no tag');
  await dialog.getByLabel('Note').fill('sold too late');
  await dialog.getByLabel('Tags').fill('late, news');
  await dialog.getByTestId('notes-save').click();
  await expect(dialog).toBeHidden();
  await expect(rows.first()).toContainText('late');
  await expect(rows.first()).toContainText('sold too late');
  await page.getByLabel('Tag', { exact: true }).selectOption('late (1)');
  await expect(rows).toHaveCount(1);
});

test('where stops and targets belong is shown by what trades were, in R and in per cent', async ({
  page,
}) => {
  await open(page);
  await page.getByTestId('nav-performance').click();
  const table = page.getByTestId('excursions');
  await expect(table.locator('tbody tr').first()).toContainText('0.42 R · 0.88 R');
  await page.getByRole('tablist', { name: 'Excursions by' }).getByRole('tab', { name: 'Regime' }).click();
  await expect(table.locator('tbody tr').first()).toContainText('trending');
  await page.getByRole('button', { name: 'In R' }).click();
  await expect(table.locator('tbody tr').first()).toContainText(/0\.42\s%/);
});

test('the account stands beside ways of holding the same coins, with what was at stake', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-performance').click();
  const rows = page.getByTestId('baselines').locator('tbody tr');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText(/Hold\+12\.40\s%/);
  await expect(rows.nth(1)).toHaveAttribute('title', /brought back to that every morning/);
  await expect(page.getByTestId('comparison-chart').locator('canvas').first()).toBeVisible();
  await expect(page.locator('.baselines-panel')).toContainText(/43\s% at stake on average/);
});

/** What has more in it than its place is wide. */
function wider(page: Page, selector: string): Promise<(string | null)[]> {
  return page
    .locator(selector)
    .evaluateAll((parts) =>
      parts.filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent),
    );
}

test('the keyboard reaches every page, the symbols, the commands and the help', async ({ page }) => {
  await open(page);
  await shown(page);
  for (const [key, title] of [
    ['d', 'Decisions'],
    ['o', 'Orders'],
    ['p', 'Performance'],
    ['s', 'Settings'],
    ['t', 'Trade'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page.getByRole('main')).toHaveAttribute('aria-label', title);
  }
  await page.keyboard.press(']');
  await expect(page.getByRole('tab', { selected: true })).toContainText('ETH/USDT');
  await page.keyboard.press('[');
  await expect(page.getByRole('tab', { selected: true })).toContainText('BTC/USDT');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('sol');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { selected: true })).toContainText('SOL/USDT');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Keyboard shortcuts');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('scrolling to the beginning of the chart loads older candles', async ({ page }) => {
  await open(page);
  await shown(page);
  const chart = page.getByTestId('chart');
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + 100);
  for (let turn = 0; turn < 8; turn += 1) await page.mouse.wheel(-600, 0);
  await expect(chart).toHaveAttribute('data-bars', '900');
});

test('an exit is shown as one, and what the voters wanted beside it', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-decisions').click();
  await page.getByLabel('Search decisions').fill('the voters turned');
  const row = page.getByTestId('decision-row').first();
  await expect(row.locator('.decision-badges')).toContainText('EXIT, sell');
  await row.click();
  await expect(page.locator('.dossier-title')).toContainText('voters: SELL');
});

test('decisions are filtered and each one opens in full', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-decisions').click();
  await page.getByRole('button', { name: 'Blocked', exact: true }).click();
  await expect(page.locator('[data-testid=decision-row]:not([data-outcome=blocked])')).toHaveCount(0);
  await page.getByTestId('decision-row').first().click();
  const detail = page.getByTestId('decision-detail');
  for (const part of ['Votes', 'Consensus', 'Safety', 'Orders', 'Features']) {
    await expect(detail.getByRole('region', { name: part })).toBeAttached();
  }
  await expect(detail).toContainText('rules');
  await expect(detail).not.toContainText('LLM');
  await page.getByLabel('Search decisions').fill('nothing is called this');
  await expect(page.getByText('No decision matches')).toBeVisible();
});

test('pausing is told to the engine and shows, also in a small window', async ({ page }) => {
  await page.setViewportSize({ width: 1100, height: 700 });
  await open(page);
  await shown(page);
  await expect(page.getByTestId('pause-banner')).toBeHidden();
  await page.getByTestId('pause-button').click();
  await expect(page.getByTestId('pause-button')).toHaveText('Resume');
  expect((await host.trading.call('status.get', {})).trading).toBe('paused');
  await expect(page.getByTestId('pause-banner')).toContainText('by the trader from the window');
});

test('real money looks different, and colours chosen once stay', async ({ page }) => {
  await open(page, { mode: 'live' });
  await expect(page.getByTestId('mode-banner')).toContainText('LIVE');
  await expect(page.locator('.shell')).toHaveAttribute('data-stake', 'live');
  await expect(page).toHaveTitle(/^LIVE/);
  await page.getByTestId('nav-settings').click();
  await page.getByLabel('Light').check();
  await page.getByLabel('Blue up').check();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.locator('html')).toHaveAttribute('data-up-down', 'colour-blind');
});

test('nothing offends the content security policy, and nothing is fetched from elsewhere', async ({
  page,
}) => {
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await open(page, { speed: 1_200 });
  page.on('request', (request) => {
    if (!request.url().startsWith(host.url) && !request.url().startsWith('data:'))
      foreign.push(request.url());
  });
  await shown(page);
  for (const name of ['decisions', 'orders', 'performance', 'settings', 'trade']) {
    await page.getByTestId(`nav-${name}`).click();
    await expect(page.getByTestId(`nav-${name}`)).toHaveAttribute('aria-current', 'page');
  }
  expect(complaints).toEqual([]);
  expect(foreign).toEqual([]);
});
