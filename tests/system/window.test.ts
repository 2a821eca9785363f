import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron } from 'playwright';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const DOWNLOAD_LIMIT_MS = 90_000;
const HAS_DISPLAY = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined;

/** The Electron binary, which its package downloads at first use, or undefined where it cannot be had. */
function electronBinary(): string | undefined {
  const ask = "process.stdout.write(require('electron'))";
  const run = spawnSync(process.execPath, ['-e', ask], { cwd: ROOT, encoding: 'utf8', timeout: DOWNLOAD_LIMIT_MS });
  return run.status === 0 ? run.stdout : undefined;
}

const executablePath = HAS_DISPLAY ? electronBinary() : undefined;
if (executablePath === undefined) {
  const why = HAS_DISPLAY ? 'the Electron binary cannot be had here' : 'there is no display';
  process.stdout.write(`The desktop window was not opened: ${why}.\n`);
}

test.skipIf(executablePath === undefined)('the desktop application opens its window with the page in it', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tradebot-window-'));
  // The test's own concession: as root Chromium's sandbox does not start. The product never does this.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...asRoot, `--user-data-dir=${home}`, ROOT],
    env: { ...definedEnvironment(), TRADEBOT_DATA_DIR: join(home, 'data') },
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

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
