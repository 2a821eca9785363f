import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { expect, test } from 'vitest';
import { PLATFORM } from '../../core/platform/index.ts';
import { desktopLaunch } from '../electron/launch.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOWNLOAD_LIMIT_MS = 90_000;
const HAS_DISPLAY = PLATFORM !== 'linux' || process.env['DISPLAY'] !== undefined;

/** The Electron binary, which its package downloads at first use, or undefined where it cannot be had. */
function electronBinary(): string | undefined {
  const ask = "process.stdout.write(require('electron'))";
  const run = spawnSync(process.execPath, ['-e', ask], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: DOWNLOAD_LIMIT_MS,
  });
  return run.status === 0 ? run.stdout : undefined;
}

const binary = HAS_DISPLAY ? electronBinary() : undefined;
if (binary === undefined) {
  const why = HAS_DISPLAY ? 'the Electron binary cannot be had here' : 'there is no display';
  process.stdout.write(`The desktop window was not opened: ${why}.\n`);
}

test.skipIf(binary === undefined)('the desktop application opens its window', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tradebot-window-'));
  const launch = desktopLaunch(home);
  // The test's own concession: as root Chromium's sandbox does not start. The product never does this.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    ...launch,
    executablePath: binary ?? launch.executablePath,
    args: [...asRoot, ...launch.args],
  });
  try {
    const window = await app.firstWindow();
    await window.waitForSelector('#root > *');
    expect(await window.title()).toContain('LLM-TradeBot');
  } finally {
    await app.close();
    rmSync(home, { recursive: true, force: true });
  }
});
