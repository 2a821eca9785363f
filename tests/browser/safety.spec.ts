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
  await expect(page.getByTestId('gauge-maxDrawdown')).toContainText('5.70');
  await expect(gauges.first()).toContainText('Sharpe ratio');
  await expect(gauges.first()).toContainText('needs 20, has 12');
  await expect(gauges.last()).toContainText('Positions');
  await expect(gauges.last()).toContainText('Open risk');
  await expect(page.getByTestId('gauge-maxEntriesPerDay')).toContainText('7 of 50');
  await expect(page.getByTestId('heartbeat')).toHaveText('Every 0.5 s, as it should');
});

for (const [width, height] of [
  [1_440, 600],
  [1_000, 600],
  [520, 600],
] as const) {
  test(`cuts nothing off in a window of ${width} by ${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await expect(page.getByTestId('gauges').first()).toBeVisible();
    // The page scrolls, and no part of it does.
    const cut = await page
      .locator('.safety-page .panel-body, .safety-page .gauge-rows > div')
      .evaluateAll((parts) =>
        parts
          .filter(
            (part) => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1,
          )
          .map((part) => part.textContent),
      );
    expect(cut).toEqual([]);
  });
}

test('a limit is tightened at once, and told with what it was', async ({ page }) => {
  await expect(page.getByText('No limit was changed')).toBeVisible();
  await page.getByRole('button', { name: 'Change the limit: Drawdown' }).click();
  await expect(page.getByTestId('limit-dialog')).toContainText('0 % to 100 %');
  await expect(page.getByTestId('limit-save')).toBeDisabled();
  await page.getByTestId('limit-input').fill('101');
  await expect(page.getByTestId('limit-effect')).toHaveText('Between: 0 % to 100 %.');
  await expect(page.getByTestId('limit-save')).toBeDisabled();
  await page.getByTestId('limit-input').fill('8');
  await expect(page.getByTestId('limit-effect')).toContainText('tightens the limit and holds at once');
  await page.getByTestId('limit-save').click();
  await expect(page.getByTestId('limit-dialog')).toBeHidden();
  await expect(page.getByTestId('gauge-maxDrawdown')).toContainText('of 8 %');
  await expect(page.getByTestId('limit-changes')).toContainText('10 %');
  await expect(page.getByTestId('limit-changes')).toContainText('tightens');
  await expect(page.getByTestId('limit-changes')).toContainText('from the window');
});

test('a limit is loosened only after what it was, what it becomes and what that means', async ({ page }) => {
  await page.getByRole('button', { name: 'Change the limit: Positions' }).click();
  await page.getByTestId('limit-input').fill('9');
  await page.getByTestId('limit-save').click();
  await expect(page.getByTestId('limit-question')).toHaveText('Now5From now on9');
  await expect(page.getByTestId('limit-dialog')).toContainText(
    'at most 9 positions may be open at the same time',
  );
  await expect(page.getByTestId('limit-dialog')).toContainText('demo, sandbox and live alike');
  // The harmless answer is the one that Enter gives.
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('limit-dialog')).toBeHidden();
  await expect(page.getByTestId('gauge-maxPositions')).toContainText('of 5');
  await page.getByRole('button', { name: 'Change the limit: Positions' }).click();
  await page.getByTestId('limit-input').fill('9');
  await page.getByTestId('limit-save').click();
  await page.getByTestId('limit-loosen').click();
  await expect(page.getByTestId('gauge-maxPositions')).toContainText('of 9');
  await expect(page.getByTestId('limit-changes')).toContainText('loosens');
});

test('a change that is refused says why, and nothing has changed', async ({ page }) => {
  host.trading.refuseNext('limits.change', 'the settings file cannot be written');
  await page.getByRole('button', { name: 'Change the limit: Drawdown' }).click();
  await page.getByTestId('limit-input').fill('5');
  await page.getByTestId('limit-save').click();
  await expect(page.getByRole('alert')).toContainText('the settings file cannot be written');
  await page.getByRole('button', { name: 'Leave it as it is' }).click();
  await expect(page.getByTestId('gauge-maxDrawdown')).toContainText('of 10 %');
});

test('the drill shows when each step was reached', async ({ page }) => {
  await page.getByTestId('drill').click();
  const steps = page.getByTestId('drill-steps');
  await expect(steps).toContainText('the emergency stop is latched on disk');
  await expect(steps).toContainText('2 orders cancelled');
  await expect(steps).toContainText('2 positions closed');
  await expect(page.getByText('ended flat')).toBeVisible();
});

test('locks a symbol with a reason and an end, and unlocks it', async ({ page }) => {
  await expect(page.getByTestId('lock-symbol')).toBeDisabled();
  await page.getByLabel('Symbol', { exact: true }).selectOption('ETH/USDT');
  await page.getByLabel('Why', { exact: true }).fill('news at two');
  await page.getByTestId('lock-symbol').click();
  await expect(page.getByTestId('locks')).toContainText('ETH/USDT');
  await expect(page.getByTestId('locks')).toContainText('news at two');
  await page.getByRole('button', { name: 'Unlock…' }).click();
  await expect(page.getByTestId('ask-dialog')).toContainText('news at two');
  await page.getByTestId('ask-act').click();
  await expect(page.getByTestId('locks')).not.toContainText('ETH/USDT');
});

test('has every press of the kill switch, from where, and how long each step took', async ({ page }) => {
  await expect(page.getByText('Never pressed')).toBeVisible();
  // Nothing said "never" while the switch is engaged, not even until the history is asked for again.
  const contradictions = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let seen = 0;
        const look = (): void => {
          const text = document.body.innerText;
          if (text.includes('Kill switch engaged') && text.includes('Never pressed')) seen += 1;
          if (text.includes('flat, engaged')) resolve(seen);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await page.getByTestId('kill-switch').click();
  const history = page.getByTestId('kill-history');
  await expect(history).toContainText('from the window');
  await expect(history).toContainText('318 ms');
  await expect(history).toContainText('flat, engaged');
  expect(await contradictions).toBe(0);
});

test('says where the strategy stands on its way to real money, and what is missing for the next step', async ({
  page,
}) => {
  const ladder = page.getByTestId('ladder');
  await expect(ladder).toContainText('ensemble stands at backtests');
  await expect(ladder).toContainText(
    'missing for paper trading: a backtest of 365 days or more whose audit passes: none yet',
  );
  await expect(ladder).toContainText('Nothing climbs by itself.');
  host.trading.ladder = {
    ...host.trading.ladder,
    ...{ rung: 'paper', since: Date.UTC(2024, 4, 1, 9, 30), paper: { days: 30.2, trades: 12 } },
    audit: { at: 1, passed: true, days: 700, resultHash: 'abcdef0123456789' },
  };
  await page.getByTestId('nav-orders').click();
  await page.getByTestId('nav-safety').click();
  await expect(ladder).toContainText('stands at paper trading since');
  await expect(ladder).toContainText(
    'nothing is missing for a little real money: tradebot ladder climb ensemble',
  );
  await expect(ladder.getByRole('row', { name: '30 days and 12 trades' })).toContainText('shown');
  await expect(ladder.getByRole('row', { name: '0 days and 0 trades' })).toContainText('missing');
});
