import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sparticuz, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright';

export interface ChromiumLaunch {
  readonly executablePath?: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

const ROOT = join(import.meta.dirname, '..', '..');
/** Where the browser that npm carries is unpacked: inside the checkout, so that nothing stays behind elsewhere. */
const UNPACKED = join(ROOT, 'node_modules', '.cache', 'chromium');
const PACKED_LIBRARIES = join(ROOT, 'node_modules', '@sparticuz', 'chromium', 'bin', 'al2023.tar.br');
// A browser for tests only, often run as root in containers, where Chromium's own sandbox refuses to start.
const ARGS = ['--no-sandbox', '--font-render-hinting=none', '--disable-gpu'];

/**
 * How to launch a Chromium: the one that CHROMIUM_PATH names, else the headless one that npm carries (Linux on
 * x64), else the one that Playwright installed.
 */
export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined) return { executablePath: named, args: ARGS, env: environment() };
  if (process.platform !== 'linux' || process.arch !== 'x64') return { args: [], env: environment() };
  return withTemporaryFolder(UNPACKED, async () => {
    const executablePath = await sparticuz.executablePath();
    const env = { ...environment(), FONTCONFIG_PATH: join(UNPACKED, 'fonts') };
    if (starts(executablePath, env)) return { executablePath, args: ARGS, env };
    // A bare system lacks libnss3 and its kin: the package brings them.
    await inflate(PACKED_LIBRARIES);
    return { executablePath, args: ARGS, env: { ...env, LD_LIBRARY_PATH: join(UNPACKED, 'al2023', 'lib') } };
  });
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch(await chromiumLaunch());
}

function starts(executablePath: string, env: Record<string, string>): boolean {
  return spawnSync(executablePath, ['--version', '--no-sandbox'], { env }).status === 0;
}

function environment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The package unpacks into the system's temporary folder, whatever that is at the moment. */
async function withTemporaryFolder<T>(folder: string, run: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
