import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { type ConditionFacts, conditionsOf } from '../../core/engine/service/conditions.ts';
import { type FakeHost, type FakeHostOptions, startFakeHost } from './fake-host.ts';

/** What the trader must not overlook, as the engine words it, on the built pages. */

const RENDERER = join(import.meta.dirname, '..', '..', 'out', 'renderer');
const PAGES = [
  'trade',
  'decisions',
  'orders',
  'trades',
  'performance',
  'safety',
  'models',
  'analysts',
  'arena',
  'alerts',
  'health',
  'logs',
  'settings',
] as const;
const WELL: ConditionFacts = {
  venue: 'binance',
  connection: { state: 'connected', message: '' },
  compared: true,
  clockOffsetMs: null,
  held: null,
  notArmed: null,
  notTradable: [],
  locked: [],
  ledgerFault: null,
  strategyFault: null,
  storeFaults: [],
  frozen: new Map(),
  differing: new Map(),
  positions: [],
  protectionOf: () => ({ protection: 'venue' }),
  notes: [],
  accountNotice: null,
  costMultiple: 1.5,
};
const DIFFERENCE = 'SOL: 3 should be there, the venue has 2';

let host: FakeHost;
test.afterEach(() => host.close());

async function open(page: Page, options: Partial<FakeHostOptions> = {}): Promise<void> {
  host = await startFakeHost({ rendererFolder: RENDERER, ...options });
  await page.goto(host.url);
  await expect(page.getByTestId('connection-state')).toHaveText('Connected');
  await expect(page.getByTestId('decision-row').first()).toBeVisible();
}

function become(changes: Partial<ConditionFacts>): void {
  host.trading.change({ conditions: conditionsOf({ ...WELL, ...changes }) });
}

test('a cost gate that is off stands on every page, in a banner and beside the mode, as long as it is off', async ({
  page,
}) => {
  await open(page);
  await expect(page.getByTestId('cost-gate-chip')).toHaveCount(0);
  become({ costMultiple: 0 });
  for (const name of PAGES) {
    await page.getByTestId(`nav-${name}`).click();
    await expect(page.getByTestId('cost-gate-chip')).toHaveText('Cost gate off');
    await expect(page.getByTestId('cost-gate-chip')).toBeInViewport({ ratio: 1 });
    await expect(page.getByTestId('condition')).toContainText('entries may cost more than they can earn');
  }
  await page.setViewportSize({ width: 600, height: 700 });
  await expect(page.getByTestId('cost-gate-chip')).toBeInViewport({ ratio: 1 });
  become({});
  await expect(page.getByTestId('cost-gate-chip')).toHaveCount(0);
  await expect(page.getByTestId('condition')).toHaveCount(0);
});

test('the Health page says of each part how it does, since when, why and what to do', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-health').click();
  const part = (id: string) => page.getByTestId('health-components').locator(`tr[data-component=${id}]`);
  await expect(part('ledger')).toContainText('orders and fills are written');
  await expect(page.getByText('Nothing stands against it.')).toBeVisible();
  become({ ledgerFault: 'the order ledger cannot be written: no space is left' });
  await expect(part('ledger')).toHaveAttribute('data-state', 'failed');
  await expect(part('ledger')).toContainText('no space is left');
  await expect(part('ledger')).toContainText('free the disk');
  await expect(page.getByTestId('health-problems')).toContainText('no space is left');
  await expect(page.getByText('not ready', { exact: true })).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect(page.getByTestId('nav-settings')).toBeInViewport({ ratio: 1 });
});

test('the Logs page follows the log, and shows what is asked for', async ({ page }) => {
  await open(page);
  const say = (message: string, change: object = {}) =>
    host.trading.log.add({
      ...{ time: 1_736_883_300_000, level: 'info', logger: 'trading', message, details: '' },
      ...{ correlationId: null, symbol: 'BTC/USDT', tradeId: null, ...change },
    });
  say('traded: BUY', { correlationId: 'decision-1' });
  await page.getByTestId('nav-logs').click();
  const lines = page.getByTestId('logs-lines').locator('tbody tr');
  await expect(lines).toHaveCount(1);
  say('order FILLED', { correlationId: 'decision-1' });
  say('the stream has gone deaf', { level: 'warn', logger: 'market', details: '{"afterMs":9000}' });
  say('held: nothing to do', { level: 'debug' });
  await expect(lines).toHaveCount(3);
  await page.getByTestId('logs-level').selectOption('warn');
  await expect(lines).toHaveCount(1);
  await expect(lines.first()).toContainText('{"afterMs":9000}');
  await page.getByTestId('logs-level').selectOption('debug');
  await expect(lines).toHaveCount(4);
  await page.getByRole('button', { name: 'decision-1' }).first().click();
  await expect(lines).toHaveCount(2);
  await expect(page.getByTestId('logs-correlation')).toHaveValue('decision-1');
  await page.getByTestId('logs-search').fill('no such words');
  await expect(page.getByText('No such line')).toBeVisible();
});

test('three banners stand, most urgent first, and the keyboard opens and closes the rest', async ({
  page,
}) => {
  await open(page);
  become({
    positions: [{ symbol: 'BTC/USDT' }, { symbol: 'ETH/USDT' }],
    protectionOf: (symbol) => ({ protection: symbol === 'BTC/USDT' ? 'engine' : 'none' }),
    frozen: new Map([['ETH/USDT', 'an order was sent and not answered']]),
    differing: new Map([['SOL/USDT', DIFFERENCE]]),
    costMultiple: 0,
  });
  const banners = page.getByRole('region', { name: 'Conditions' });
  const each = banners.getByTestId('condition');
  await expect(each).toHaveCount(3);
  await expect(each.nth(0)).toHaveAttribute('data-severity', 'critical');
  await expect(each.nth(0)).toContainText('BTC/USDT has no stop at the venue');
  await expect(each.nth(1)).toContainText('ETH/USDT is not protected');
  await expect(each.nth(2)).toContainText('ETH/USDT is frozen');
  const more = banners.getByRole('button');
  await expect(more).toHaveText('and 2 more');
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(each).toHaveCount(5);
  await expect(each.nth(3)).toContainText('Only reducing orders are allowed in SOL/USDT');
  await expect(more).toBeFocused();
  await expect(more).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Enter');
  await expect(each).toHaveCount(3);
  await expect(page.getByTestId('kill-switch')).toBeInViewport({ ratio: 1 });
});

test('what is only good to know stands below the page and covers nothing', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  become({ accountNotice: 'the capital in the settings is ignored', notes: ['BTC/USDT: a note'] });
  const notes = page.getByRole('region', { name: 'Notes' });
  await expect(notes.getByTestId('condition')).toContainText('the capital in the settings is ignored.');
  await notes.getByRole('button', { name: 'and 1 more' }).press('Enter');
  await expect(notes.getByTestId('condition')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Conditions' })).toHaveCount(0);
  const below = await notes.boundingBox();
  const main = await page.getByRole('main').boundingBox();
  if (below === null || main === null) throw new Error('the page has no place');
  expect(main.y + main.height).toBeLessThanOrEqual(below.y);
  const foot = await page.locator('.strategy-foot').boundingBox();
  expect(below.y + below.height).toBe(foot?.y);
});

test('the comparison is told once: by its conditions, or by itself where the venue did not answer', async ({
  page,
}) => {
  await open(page);
  const comparison = page.getByTestId('comparison-banner');
  become({ differing: new Map([['SOL/USDT', DIFFERENCE]]) });
  host.trading.change({ reconciliation: { green: false, at: 0, differences: [DIFFERENCE] } });
  await expect(page.getByTestId('condition')).toContainText('Only reducing orders are allowed in SOL/USDT');
  await expect(comparison).toHaveCount(0);
  const silence = 'the venue did not answer: timed out';
  host.trading.change({ reconciliation: { green: false, at: 0, differences: [silence] } });
  await expect(comparison).toContainText(silence);
  await expect(comparison).not.toContainText('reducing');
});

test('how each position is guarded is said in words, with what that means, and never clipped', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await open(page);
  host.trading.hold('BTC/USDT', 'venue');
  host.trading.hold('ETH/USDT', 'engine');
  host.trading.hold('SOL/USDT', 'none');
  const badge = (symbol: string) =>
    page.getByTestId('positions-table').getByRole('row').filter({ hasText: symbol }).locator('.hint-badge');
  for (const [symbol, words, meaning] of [
    ['BTC/USDT', 'Venue stop', 'works without this program'],
    ['ETH/USDT', 'Watched by this program', 'as long as it runs'],
    ['SOL/USDT', 'Not protected', 'Close the position, or place a stop at the venue'],
  ] as const) {
    await expect(badge(symbol)).toHaveText(words);
    await expect(badge(symbol)).toBeInViewport({ ratio: 1 });
    await expect(badge(symbol).locator('svg')).toBeVisible();
    await badge(symbol).press('Enter');
    await expect(page.getByRole('note')).toContainText(meaning);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('note')).toBeHidden();
  }
});

test('a fill by another hand, and a fee that the venue has not told, are shown in words', async ({
  page,
}) => {
  await open(page);
  const fill = {
    tradeId: 'web-1',
    clientOrderId: null,
    symbol: 'BTC/USDT',
    side: 'buy',
    price: '94000',
    amount: '0.01',
    fee: null,
    feeAsset: null,
    purpose: 'external',
    time: Date.UTC(2025, 1, 20),
  } as const;
  host.trading.hub.upsert('fills', 'fills', [fill]);
  host.trading.change({});
  await page.getByTestId('nav-orders').click();
  await page.getByRole('tab', { name: 'Fills' }).click();
  const row = page.getByTestId('fills-table').locator('tbody tr').first();
  await expect(row).toContainText('By another hand');
  await expect(row).toContainText('not told yet');
  await expect(page.getByTestId('fills-table')).not.toContainText('null');
});

test('a halt that waits for the trader is released by a word, and a refusal is shown', async ({ page }) => {
  await open(page);
  const banner = page.getByTestId('breaker-banner');
  const reason =
    '10.42 % below the peak, the limit is 10.00 %: no entries until you release the circuit breaker';
  await expect(page.getByTestId('engine-state')).toHaveText('Trading');
  host.trading.change({ breaker: { tripped: true, reason, until: Date.UTC(2025, 1, 14) } });
  await expect(page.getByTestId('engine-state')).toHaveText('No entries');
  await expect(banner).toContainText('No new positions until 2025-02-14 00:00 UTC');
  await expect(page.getByTestId('release-open')).toHaveCount(0);

  host.trading.change({ breaker: { tripped: true, reason, until: null } });
  await page.getByTestId('release-open').click();
  const dialog = page.getByTestId('release-dialog');
  await expect(dialog).toContainText(reason);
  await page.getByTestId('release-input').fill('release');
  await expect(page.getByTestId('release-confirm')).toBeDisabled();
  await page.getByTestId('release-input').fill('RELEASE');
  host.trading.refuseNext('breaker.release', 'the state could not be stored');
  await page.getByTestId('release-confirm').click();
  await expect(dialog.getByRole('alert')).toHaveText('the state could not be stored');
  await page.getByTestId('release-confirm').click();
  await expect(dialog).toHaveCount(0);
  await expect(banner).toHaveCount(0);
  expect((await host.trading.call('status.get', {})).breaker.tripped).toBe(false);
});

test('the palette releases a halt that waits, and offers nothing of the kind while none does', async ({
  page,
}) => {
  await open(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('release');
  await expect(page.getByText('Nothing is called that')).toBeVisible();
  await page.keyboard.press('Escape');
  host.trading.change({ breaker: { tripped: true, reason: 'a drawdown', until: null } });
  await expect(page.getByTestId('breaker-banner')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('release');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('release-dialog')).toBeVisible();
});

test('an answer that came too late says so, with how long the voters took', async ({ page }) => {
  await open(page);
  host.trading.answerTooLate('BTC/USDT', 72_400);
  const row = page.getByTestId('decision-row').filter({ hasText: 'Too late' });
  await expect(row).toContainText('72.4 s of thinking: the answer came 4.2 s after the next bar closed');
  await row.click();
  const dossier = page.getByTestId('decision-detail');
  await expect(dossier).toContainText('Too late');
  await expect(dossier).toContainText('Thinking time');
  await expect(dossier).toContainText('72.4 s');
  await expect(dossier).toContainText('the decision ended before it came to them');
});

test('a dossier tells the sum behind an entry in words and units', async ({ page }) => {
  await open(page);
  await page.getByTestId('nav-decisions').click();
  await page.getByRole('button', { name: 'Traded', exact: true }).click();
  await expect(page.locator('[data-testid=decision-row]:not([data-outcome=traded])')).toHaveCount(0);
  const entry = page.getByTestId('decision-row').filter({ hasText: 'BUY' }).first();
  await entry.click();
  const safety = page.getByTestId('decision-detail').getByRole('region', { name: 'Safety' });
  for (const label of [
    'Equity',
    'Wanted by risk',
    'Room in this symbol',
    'Room altogether',
    'Loss at the stop',
    'Share lost at the stop',
  ]) {
    await expect(safety.locator('dt', { hasText: label }).last()).toBeVisible();
  }
  await expect(safety).toContainText('limited by');
  await expect(safety).not.toContainText(/roomSymbol|room symbol|loss at stop share/);
});
