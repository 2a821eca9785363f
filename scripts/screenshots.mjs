#!/usr/bin/env node
import './check-node.mjs';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Takes the screenshots in `docs/screenshots/` from a real demo run. Build first: `npm run build`. */

// Not before the version of Node is known to be one that reads TypeScript.
const { launchChromium } = await import('../tests/browser/chromium.ts');

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const FOLDER = join(ROOT, 'docs', 'screenshots');
const data = mkdtempSync(join(tmpdir(), 'tradebot-screenshots-'));
mkdirSync(FOLDER, { recursive: true });

// First in a hurry, for a history worth looking at, then at a pace that a picture can catch.
await runDemo(['--speed', '40000', '--duration', '25'], async () => undefined);
await runDemo(['--speed', '1800'], takePictures);
rmSync(data, { recursive: true, force: true });

async function runDemo(flags, use) {
  const program = [join(ROOT, 'scripts', 'tradebot.mjs'), 'run', '--headless', '--no-open', '--port', '0'];
  const demo = spawn(process.execPath, [...program, '--data-dir', data, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => demo.on('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    demo.stdout.on('data', (chunk) => {
      const found = /Ready: (\S+)/.exec(String(chunk));
      if (found !== null) resolve(found[1]);
    });
    demo.on('exit', () => reject(new Error('the demo ended before it was ready')));
  });
  try {
    const taken = await use(url);
    if (taken !== undefined) demo.kill('SIGTERM');
  } catch (error) {
    // Else it would run on, and nobody would hear why.
    demo.kill('SIGTERM');
    throw error;
  } finally {
    await ended;
  }
}

async function takePictures(url) {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const shoot = (name) => page.screenshot({ path: join(FOLDER, `${name}.png`) });
    await page.goto(url);
    await page.getByTestId('decision-row').first().waitFor();
    // With something held, if that happens within two minutes.
    await page
      .locator('[data-testid=positions-table] tbody tr')
      .first()
      .waitFor({ timeout: 120_000 })
      .catch(() => undefined);
    await wait(6_000);
    await shoot('trade');
    for (const name of [
      'decisions',
      'orders',
      'trades',
      'performance',
      'safety',
      'models',
      'analysts',
      'arena',
      'settings',
    ]) {
      await page.getByTestId(`nav-${name}`).click();
      // One that traded: most bars are none of the strategy's.
      if (name === 'decisions') {
        await page.getByRole('button', { name: 'Traded' }).click();
        await page.locator('[data-testid=decision-row][data-outcome=traded]').first().click();
      }
      await wait(1_500);
      await shoot(name);
      if (name !== 'decisions') continue;
      await page.getByTestId('inspector').scrollIntoViewIfNeeded();
      await wait(500);
      await shoot('inspector');
    }
    await page.getByTestId('nav-trade').click();
    await page.getByTestId('kill-switch').click();
    await page.getByTestId('kill-banner').waitFor();
    await wait(3_000);
    await shoot('kill-switch');
    await page.getByTestId('reset-open').click();
    await page.getByTestId('reset-dialog').waitFor();
    await wait(500);
    await shoot('reset');
    return true;
  } finally {
    await browser.close();
  }
}
