import { expect, type Page, test } from 'playwright/test';
import { strategySentence } from '../../core/contract/index.ts';
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

/** What each row of the latest decisions says of its voters, such as `Bull BUY, Bear HOLD, Ensemble HOLD`. */
async function opposed(page: Page): Promise<boolean> {
  const lines = await page.locator('.decision-votes').allInnerTexts();
  return lines.some((line) => {
    const [, bull, bear] = /Bull (\w+), Bear (\w+)/.exec(line) ?? [];
    return bull !== bear;
  });
}

test('within a minute the printed link shows a strategy that proposes, voters who differ, gates that speak, and an order with its stop', async ({
  page,
}) => {
  test.setTimeout(150_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const opened = Date.now();
  const inTheFirstMinute = () => ({ timeout: Math.max(1, 60_000 - (Date.now() - opened)) });
  await page.goto(program.url);
  await expect(page.getByTestId('mode-banner')).toContainText('DEMO');
  // The token is spent and gone from the address bar.
  expect(page.url()).not.toContain('token');

  await expect(page.getByTestId('chart').locator('canvas').first()).toBeVisible();
  const before = await price(page);
  await expect.poll(() => price(page), inTheFirstMinute()).not.toBe(before);

  await expect(page.getByTestId('strategy-claim')).toHaveText(strategySentence('trend'));
  // Before its first midnight it says when that is, and the voters judge every bar.
  await expect(page.getByTestId('decision-row').first()).toContainText(
    /decides daily at 00:00 UTC, next in \d+ h/,
  );
  await expect.poll(() => opposed(page), { timeout: 60_000, intervals: [100] }).toBe(true);

  const traded = page.locator('[data-testid=decision-row][data-outcome=traded]');
  await expect(traded.first()).toBeVisible(inTheFirstMinute());
  const positions = page.getByTestId('positions-table').locator('tbody tr');
  await expect(positions.first()).toContainText('Venue stop', inTheFirstMinute());
  await expect(page.getByTestId('orders-table')).toContainText('Stop');

  await traded.last().click();
  const dossier = page.getByTestId('decision-detail');
  await expect(dossier.getByTestId('proposal')).toContainText('of 3 look-backs (7, 14, 28 days) are up');
  await expect(dossier.getByTestId('proposal')).toContainText(/Buys for [\d.]+\s%\sof the equity/);
  await expect(dossier).toContainText('rules');
  await expect(dossier).toContainText(/xgboost|out of distribution/);
  await expect(dossier.getByLabel('Consensus', { exact: true })).toContainText(
    'no voter has a weight: nobody has earned one yet',
  );
  // Each argues its own case, with evidence of its own, and shows of what its weight is made.
  const evidenceOf = (voter: string) => dossier.getByLabel(voter, { exact: true }).locator('.evidence li');
  const [bull, bear] = [await evidenceOf('Bull').allInnerTexts(), await evidenceOf('Bear').allInnerTexts()];
  expect(bull.length + bear.length).toBeGreaterThan(0);
  expect(bull.filter((line) => bear.includes(line))).toEqual([]);
  await expect(dossier.getByTestId('weight-parts').first()).toContainText(
    '0 of 30 opinions and 0 of 26 weeks',
  );
  await expect(dossier.getByTestId('entry-hindsight')).toContainText('What it comes to is known on');
  for (const layer of ['Circuit breaker', 'Position limits', 'Cost gate', 'Churn throttle']) {
    await expect(dossier.getByLabel('Safety', { exact: true })).toContainText(layer);
  }
  await expect(dossier.getByLabel('Orders', { exact: true })).toContainText(/Buy .* entry/);
  expect(Date.now() - opened).toBeLessThan(60_000);

  // The second midnight sells something: a round trip with its profit or loss.
  await page.getByTestId('nav-trades').click();
  const trips = page.getByTestId('trade-history').locator('tbody tr');
  await expect(trips.first()).toBeVisible({ timeout: 60_000 });
  await page.getByTestId('nav-performance').click();
  await expect(page.getByTestId('strategy-note')).toContainText(
    'npm run -s tradebot -- backtest --strategy trend',
  );
  await expect(page.getByTestId('hindsight')).toContainText('Bear (rules) against it');
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
  await expect(dialog).toContainText('lets orders leave again, and does nothing else');
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
