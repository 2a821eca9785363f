import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sparticuz, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright';
import { PLATFORM } from '../../core/platform/index.ts';

export interface ChromiumLaunch {
  readonly executablePath?: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

const ROOT = join(import.meta.dirname, '..', '..');
const PACKED_LIBRARIES = join(ROOT, 'node_modules', '@sparticuz', 'chromium', 'bin', 'al2023.tar.br');
/** Where the browser that npm carries is unpacked: inside the checkout, so that nothing stays behind elsewhere. */
const CACHE = join(ROOT, 'node_modules', '.cache');
// A browser for tests only, often run as root in containers, where Chromium's own sandbox refuses to start.
const ARGS = ['--no-sandbox', '--font-render-hinting=none', '--disable-gpu'];

/**
 * How to launch a Chromium: the one that CHROMIUM_PATH names, else the headless one that npm carries (Linux on
 * x64), else the one that Playwright installed.
 */
export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined) return { executablePath: named, args: ARGS, env: environment() };
  if (PLATFORM !== 'linux' || process.arch !== 'x64') return { args: [], env: environment() };
  const folder = await unpackedChromium();
  const executablePath = join(folder, 'chromium');
  const env = { ...environment(), FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  if (starts(executablePath, env)) return { executablePath, args: ARGS, env };
  // A bare system lacks libnss3 and its kin: the package brings them.
  return { executablePath, args: ARGS, env: { ...env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } };
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch(await chromiumLaunch());
}

/**
 * The folder with the browser, its fonts and libraries. Unpacked beside its place and then moved there, so that an
 * interrupted or a second unpacking leaves no half of a browser.
 */
async function unpackedChromium(): Promise<string> {
  const folder = join(CACHE, 'chromium-unpacked');
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const unpacking = mkdtempSync(join(CACHE, 'chromium-'));
  try {
    await withTemporaryFolder(unpacking, async () => {
      await sparticuz.executablePath();
      await inflate(PACKED_LIBRARIES);
    });
    writeFileSync(join(unpacking, 'fonts.conf'), fontsConfiguration(folder));
    if (!existsSync(folder)) renameSync(unpacking, folder);
  } finally {
    rmSync(unpacking, { recursive: true, force: true });
  }
  return folder;
}

/** The package's own configuration looks for its fonts, and puts a cache, at fixed places in /tmp. */
function fontsConfiguration(folder: string): string {
  const dirs = ['/usr/share/fonts', join(folder, 'fonts')].map((path) => `  <dir>${path}</dir>\n`).join('');
  const cache = `  <cachedir>${join(folder, 'fonts-cache')}</cachedir>\n`;
  return `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${dirs}${cache}</fontconfig>\n`;
}

function starts(executablePath: string, env: Record<string, string>): boolean {
  return spawnSync(executablePath, ['--version', '--no-sandbox'], { env }).status === 0;
}

function environment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The package unpacks into the system's temporary folder, whatever that is at the moment. */
async function withTemporaryFolder(folder: string, run: () => Promise<void>): Promise<void> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}
