import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { type FakeHost, startFakeHost } from './fake-host.ts';

/** The pages about models, analysts and rivals, and the inspector, before a made-up engine. */

const RENDERER = join(import.meta.dirname, '..', '..', 'out', 'renderer');

let host: FakeHost;
test.afterEach(() => host.close());

async function open(page: Page, address: string): Promise<void> {
  host = await startFakeHost({ rendererFolder: RENDERER });
  host.trading.change({ analysts: 'llm', llm: { spentTodayUsd: 0.42, dailyBudgetUsd: 2, standIn: null } });
  await page.goto(`${host.url}#/${address}`);
}

test('the models page shows each model with its verdict, and another set can be chosen', async ({ page }) => {
  await open(page, 'models');
  await expect(page.getByTestId('model-ensemble')).toContainText('no edge demonstrated');
  await expect(page.getByTestId('model-transformer')).toContainText('worse than prior');
  await page.getByTestId('model-transformer').click();
  await expect(page.getByRole('heading', { name: 'Held-out figures: transformer' })).toBeVisible();
  await expect(page.getByTestId('evaluation')).toContainText('BTC/USDT');
  await expect(page.getByText('616 of 640 known')).toBeVisible();
  await page.locator('.set-choice select').selectOption('made-up-2024-07');
  await expect(page.getByRole('log')).toContainText('made-up-2024-07 answers from the next bar on');
  await expect(page.locator('.set-name')).toContainText('made-up-2024-07');
});

test('the models page shows how much prices will move, with the record behind it and its end', async ({
  page,
}) => {
  await open(page, 'models');
  await expect(page.getByTestId('volatility')).toContainText('BTC/USDT');
  await expect(page.getByTestId('volatility')).toContainText('2.00 %');
  await expect(page.getByTestId('volatility-live')).toContainText(
    '40 forecasts of 24 h have come true, 80 %',
  );
  await expect(page.getByTestId('volatility-record')).toContainText('HAR per coin');
  await expect(page.getByText('expires in 40 days')).toBeVisible();
  await expect(page.getByTestId('volatility-note')).toContainText('not where to');
});

test('a rival is promoted only after a question that says how thin the evidence is', async ({ page }) => {
  await open(page, 'arena');
  await page.getByTestId('promote-models').click();
  const dialog = page.getByTestId('promote-dialog');
  await expect(dialog).toContainText('too few to tell skill from luck');
  await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
  await expect(page.locator('tr[data-active=true]')).toContainText('settings');
  await page.getByTestId('promote-models').click();
  await page.getByTestId('promote-act').click();
  await expect(page.locator('tr[data-active=true]')).toContainText('models');
  await expect(page.getByTestId('arena')).toContainText('dropped out');
  await expect(page.getByTestId('promote-models')).toBeHidden();
  await page.getByTestId('promote-settings').click();
  await expect(dialog).toContainText('no paper account to judge it by');
  await page.getByTestId('promote-act').click();
  await expect(page.locator('tr[data-active=true]')).toContainText('settings');
});

test('a line-up is named beside its button in a small window', async ({ page }) => {
  await page.setViewportSize({ width: 1100, height: 700 });
  await open(page, 'arena');
  const table = page.getByTestId('arena');
  await expect(table.getByText('settings', { exact: true })).toBeInViewport({ ratio: 1 });
  await expect(page.getByTestId('promote-models')).toBeInViewport({ ratio: 1 });
});

test('a prompt is compared, tried on past decisions, kept and taken back', async ({ page }) => {
  await open(page, 'analysts');
  await expect(page.getByTestId('llm-spent')).toHaveText('$0.4200 of $2.00');
  await page.getByTestId('llm-test').click();
  await expect(page.locator('.connection-test')).toContainText('answered in 214 ms');
  await expect(page.locator('.connection-test')).toContainText('the key is not accepted');
  const text = page.getByTestId('prompt-text');
  await text.fill((await text.inputValue()).replace('Use the figures only.', 'Use nothing else.'));
  await expect(page.locator('.difference-removed')).toHaveText('− Use the figures only.\n');
  await expect(page.locator('.difference-added')).toHaveText('+ Use nothing else.\n');
  await page.getByTestId('prompt-replay').click();
  await expect(page.getByTestId('replayed').locator('tbody tr')).toHaveCount(10);
  await page.getByTestId('prompt-save').click();
  await expect(page.getByTestId('prompt-bull')).toHaveText('Bull (own)');
  await page.getByTestId('prompt-reset').click();
  await expect(page.getByTestId('prompt-difference')).toBeHidden();
  await expect(text).toHaveValue(/Use the figures only/);
});

test('a dossier shows the debate and every feature, and can be saved', async ({ page }) => {
  await open(page, 'decisions');
  await page.getByTestId('decision-row').nth(1).click();
  const debate = page.getByTestId('debate');
  await expect(debate.locator('article')).toHaveCount(4);
  await expect(debate).toContainText('no answer within 20 s');
  await expect(debate).toContainText('may have read the future');
  await debate.getByText('What it was told').first().click();
  await expect(debate.locator('.call-text').first()).toContainText('You are the bull.');

  const inspector = page.getByTestId('inspector');
  await expect(inspector.locator('.inspected-feature')).toHaveCount(106);
  await inspector.getByLabel('Search features').fill('rsi');
  await expect(inspector.locator('.inspected-feature').first()).toContainText('rsi_2');
  await page.getByTestId('unusual-first').check();
  await expect(inspector.getByRole('heading')).toHaveText('most unusual first');

  const saving = page.waitForEvent('download');
  await page.getByTestId('export-decision').click();
  const saved = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as { calls: unknown[] };
  expect(saved.calls).toHaveLength(4);
});

test('who serves language models is chosen with what it needs and costs, and the month is added up', async ({
  page,
}) => {
  await open(page, 'settings');
  const [needs, estimate] = [page.getByTestId('llm-needs'), page.getByTestId('llm-estimate')];
  await page.getByTestId('llm-provider').selectOption('openai');
  await page.getByTestId('llm-model').fill('gpt-5-mini');
  await expect(needs).toContainText('platform.openai.com/api-keys');
  // 3,000 tokens in at 0.25 and 600 out at 2 USD a million, four calls.
  await expect(estimate).toContainText('About $0.0078 a decision');
  await expect(page.getByTestId('llm-settings')).toContainText('"inputPerMTok": 0.25');
  await page.getByTestId('llm-provider').selectOption('mistral');
  await page.getByTestId('llm-model').fill('some-model');
  await expect(needs).toContainText('unknown here');
  await expect(estimate).toContainText('Cost unknown: no price of some-model is known.');

  await page.getByTestId('nav-analysts').click();
  const costs = page.getByTestId('llm-costs');
  await expect(costs).toContainText('41 of 64 decisions');
  await expect(costs).toContainText('about $0.4899');
});
