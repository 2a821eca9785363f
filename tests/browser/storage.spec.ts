import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { CallError, type MirrorView } from '../../core/contract/index.ts';
import { type FakeHost, startFakeHost } from './fake-host.ts';

/** What the settings page says of the disk and of the server that mirrors the books. */

const RENDERER = join(import.meta.dirname, '..', '..', 'out', 'renderer');
const SINCE = Date.UTC(2024, 4, 1, 9, 30);

let host: FakeHost;
test.beforeEach(async ({ page }) => {
  host = await startFakeHost({ rendererFolder: RENDERER });
  await page.goto(host.url);
  await expect(page.getByTestId('connection-state')).toHaveText('Connected');
});
test.afterEach(() => host.close());

/** The page, opened anew, so that nothing waits for its next look. */
async function storage(page: Page) {
  await page.getByTestId('nav-orders').click();
  await page.getByTestId('nav-settings').click();
  return page.getByTestId('storage');
}

test('sizes and growth are told of the whole and of each large file', async ({ page }) => {
  host.trading.storage = {
    mirror: null,
    growth: {
      files: [
        { name: 'demo.sqlite', bytes: 12_300_000, bytesPerDay: 900_000 },
        { name: 'llm.sqlite', bytes: 2_000_000, bytesPerDay: -100_000 },
        { name: 'logs/tradebot.log', bytes: 1_100_000, bytesPerDay: null },
      ],
      bytes: 15_400_000,
      bytesPerDay: 1_200_000,
    },
  };
  const panel = await storage(page);
  const line = (name: string) => panel.locator('.setting', { hasText: name });
  await expect(line('On the disk')).toContainText('15.4 MB');
  await expect(line('On the disk')).toContainText('Grows by 1.2 MB a day');
  await expect(line('demo.sqlite')).toContainText('12.3 MB');
  await expect(line('demo.sqlite')).toContainText('Grows by 0.9 MB a day');
  await expect(line('llm.sqlite')).toContainText('Shrinks by 0.1 MB a day');
  await expect(line('tradebot.log')).toContainText('known after an hour');
  await expect(line('A copy of it')).toContainText('tradebot db backup FILE');
  await expect(line('Mirror')).toContainText('off');
});

test('what is forgotten, and after how long, is said for each kind', async ({ page }) => {
  await storage(page);
  for (const [key, kind, time] of [
    ['heldDecisionDays', 'Decisions that held', '365 days'],
    ['llmCallDays', 'Calls of language models', 'for ever'],
    ['predictionDays', 'Predictions', '365 days'],
    ['fineEquityDays', 'Every point of the equity curve', '90 days'],
    ['alertDays', 'Alerts', '365 days'],
    ['logDays', 'Log files', '90 days'],
  ] as const) {
    const line = page.locator(`.setting[title="storage.${key}"]`);
    await expect(line).toContainText(kind);
    await expect(line).toContainText(time);
  }
});

test('a server that mirrors is shown with its backlog, its lag and its speed, and a fault of it at once', async ({
  page,
}) => {
  const mirror: MirrorView = {
    ...{ state: 'up', since: SINCE, lastError: null, notices: ['no TimescaleDB: plain tables'] },
    ...{ backlog: 1_234, lagMs: 90_000, rowsPerSecond: 21_500 },
  };
  host.trading.storage = { ...host.trading.storage, mirror };
  const panel = await storage(page);
  await expect(panel).toContainText('up since');
  await expect(panel).toContainText('1234 rows');
  await expect(panel).toContainText('21500 rows/s');
  await expect(panel).toContainText('no TimescaleDB: plain tables');
  host.trading.storage = {
    ...host.trading.storage,
    mirror: { ...mirror, notices: [], state: 'down', lastError: 'password authentication failed' },
  };
  await storage(page);
  await expect(panel).toContainText('down since');
  await expect(panel).toContainText('password authentication failed');
  await expect(panel.getByRole('img', { name: 'Beware' }).first()).toBeVisible();
});

test('a backup is one press away, and it is said where it lies and how large it is, or why there is none', async ({
  page,
}) => {
  const panel = await storage(page);
  await panel.getByTestId('back-up').click();
  await expect(panel.getByTestId('backup-word')).toHaveText(
    '12.3 MB in /data/backups/demo-2024-05-01-09-30.sqlite',
  );
  const fault = 'demo.sqlite: there is no room on the disk (SQLITE_FULL): make some and try again';
  host.trading.backUp = () => {
    throw new CallError('BAD_REQUEST', fault);
  };
  await panel.getByTestId('back-up').click();
  await expect(panel.getByTestId('backup-word')).toHaveText(`No backup was made: ${fault}`);
  await expect(panel.getByRole('img', { name: 'Beware' })).toBeVisible();
  await expect(panel.getByTestId('back-up')).toBeEnabled();
});
