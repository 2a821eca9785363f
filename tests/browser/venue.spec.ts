import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { RunningProgram, temporaryFolder } from '../integration/program.ts';
import { startVenue, type Venue, VenueClock } from '../venue/index.ts';

/** A new user, from the first start to trading at a venue, with nothing but the window. */

const PACE_MS = 50;

let folder: ReturnType<typeof temporaryFolder>;
let program: RunningProgram;
let venue: Venue;
let pace: ReturnType<typeof setInterval>;

test.beforeEach(async () => {
  folder = temporaryFolder();
  const clock = new VenueClock(Date.now());
  venue = await startVenue({ seed: 3, clock, symbols: ['BTC/USDT', 'ETH/USDT'], historyBars: 1_100 });
  const [startedAt, opensAt] = [performance.now(), clock.now()];
  pace = setInterval(() => clock.advanceTo(opensAt + Math.floor(performance.now() - startedAt)), PACE_MS);
  program = await RunningProgram.start(folder.path);
});
test.afterEach(async () => {
  await program.stop();
  clearInterval(pace);
  await venue.close();
  folder.remove();
});

async function chooseLocalVenue(page: Page): Promise<void> {
  await page.getByTestId('venue-search').fill('binance');
  await page.getByTestId('venue-binance').check();
  await page.getByTestId('venue-symbols').fill('BTC/USDT, ETH/USDT');
  await page.getByTestId('venue-timeframe').selectOption('1m');
  await page.getByTestId('venue-advanced').click();
  await page.getByTestId('venue-rest').fill(venue.restUrl);
  await page.getByTestId('venue-ws').fill(venue.wsUrl);
}

async function checkAndStart(page: Page): Promise<void> {
  await expect(page.getByTestId('venue-start')).toBeDisabled();
  await page.getByTestId('venue-check').click();
  await expect(page.getByTestId('check-sum')).toContainText('Ready to trade here');
  await page.getByTestId('venue-start').click();
}

/** Everything in the files of a folder, as far as it is text. */
function contentOf(path: string): string {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

test('from the first start to trading on paper, and on from there after a restart', async ({ page }) => {
  test.setTimeout(150_000);
  await page.goto(program.url);
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  await page.getByTestId('choose-venue').click();
  await chooseLocalVenue(page);
  await checkAndStart(page);
  await expect(page.getByTestId('mode-banner')).toContainText('PAPER');
  await expect(page.getByTestId('startup-banner')).toBeHidden();

  await page.getByTestId('nav-trade').click();
  await expect(page.getByTestId('chart').locator('canvas').first()).toBeVisible();
  const status = (await program.get('status')) as { mode: string; symbols: string[]; timeframe: string };
  expect(status).toMatchObject({ mode: 'paper', symbols: ['BTC/USDT', 'ETH/USDT'], timeframe: '1m' });
  // The next minute closes, and is decided on.
  await expect(page.getByTestId('decision-row').first()).toBeVisible({ timeout: 75_000 });
  expect(venue.orders()).toEqual([]);

  await program.stop();
  program = await RunningProgram.start(folder.path);
  await page.goto(program.url);
  await expect(page.getByTestId('mode-banner')).toContainText('PAPER');

  // Back to the demo, whatever is half typed.
  await page.getByTestId('nav-settings').click();
  await expect(page.getByTestId('venue-running')).toContainText('This is what runs now');
  await page.getByTestId('venue-symbols').fill('');
  await page.getByTestId('venue-demo').click();
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
});

test('another venue on paper has books of its own, and the first one’s wait', async ({ page }) => {
  const choice = { exchange: 'binance', symbols: ['BTC/USDT'], timeframe: '1m', proxy: null };
  const startOnPaper = ({ restUrl: rest, wsUrl: ws }: Venue) =>
    program.call('venues.start', {
      ...{ mode: 'paper', leavePositions: false },
      choice: { ...choice, endpoint: { rest, ws } },
    });
  // Between two engines there is no answer.
  const settings = () => program.call('settings.get', {}).catch(() => ({}));
  const other = await startVenue({ seed: 4, clock: new VenueClock(Date.now()), symbols: ['BTC/USDT'] });
  try {
    await page.goto(program.url);
    for (const each of [venue, other]) {
      await startOnPaper(each);
      await expect
        .poll(settings, { timeout: 30_000 })
        .toMatchObject({ mode: 'paper', exchange: { endpoint: { rest: each.restUrl } } });
    }
    const books = readdirSync(folder.path).filter((name) =>
      /^paper(?!.*-arena-|.*-history).*\.sqlite$/.test(name),
    );
    expect(books).toHaveLength(2);
    await expect(page.getByTestId('mode-banner')).toContainText('PAPER');
  } finally {
    await other.close();
  }
});

test('keys go in and never come back, and the sandbox trades with them', async ({ page }) => {
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await page.goto(program.url);
  await page.getByTestId('nav-settings').click();
  await chooseLocalVenue(page);
  await page.getByTestId('venue-mode-sandbox').check();
  await page.getByTestId('venue-check').click();
  await expect(page.getByTestId('check-keys')).toContainText('Some keys are missing');
  await expect(page.getByTestId('venue-start')).toBeDisabled();

  await page.getByTestId('key-apiKey').fill(venue.apiKey);
  await page.getByTestId('keep-apiKey').click();
  await page.getByTestId('key-secret').fill('not the secret');
  await page.getByTestId('keep-secret').click();
  await expect(page.getByTestId('forget-secret')).toBeVisible();
  await page.getByTestId('venue-check').click();
  await expect(page.getByTestId('check-keys')).toContainText('does not take the key');

  await page.getByTestId('key-secret').fill(venue.secret);
  await page.getByTestId('keep-secret').click();
  await expect(page.getByTestId('key-secret')).toHaveValue('');
  await checkAndStart(page);
  await expect(page.getByTestId('mode-banner')).toContainText('SANDBOX');
  await expect
    .poll(
      async () =>
        ((await program.get('status')) as { reconciliation: { green: boolean } }).reconciliation.green,
    )
    .toBe(true);

  expect(frames.length).toBeGreaterThan(10);
  for (const secret of [venue.apiKey, venue.secret]) {
    expect(frames.filter((frame) => frame.includes(secret))).toEqual([]);
    expect(await page.content()).not.toContain(secret);
    expect(contentOf(folder.path)).not.toContain(secret);
  }
});

test('what cannot be started says why, and what ran before goes on', async ({ page }) => {
  await page.goto(program.url);
  await page.getByTestId('nav-settings').click();
  await chooseLocalVenue(page);
  await page.getByTestId('venue-check').click();
  await expect(page.getByTestId('check-sum')).toContainText('Ready to trade here');
  // Between the check and the start the venue goes.
  await venue.close();
  await page.getByTestId('venue-start').click();
  await expect(page.getByTestId('startup-banner')).toContainText('Starting PAPER');
  await expect(page.getByTestId('startup-banner')).toContainText('could not be started', { timeout: 75_000 });
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
});

test('an address where nobody answers is said at the check', async ({ page }) => {
  await page.goto(program.url);
  await page.getByTestId('nav-settings').click();
  await chooseLocalVenue(page);
  await page.getByTestId('venue-rest').fill('http://127.0.0.1:9');
  await page.getByTestId('venue-check').click();
  await expect(page.getByTestId('check-line')).toContainText('nobody answers as binance does');
  await expect(page.getByTestId('check-sum')).toContainText('Not ready yet');
  await page.getByTestId('venue-rest').fill('nonsense');
  await expect(page.getByTestId('venue-check')).toBeDisabled();
  // What is wrong stays in sight.
  await page.getByTestId('venue-rest').fill('');
  await expect(page.getByTestId('venue-check')).toBeDisabled();
  await expect(page.getByText('is needed as well')).toBeVisible();
  await page.getByTestId('venue-ws').fill('');
  await expect(page.getByTestId('venue-check')).toBeEnabled();
});
