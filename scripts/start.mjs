#!/usr/bin/env node
import './check-node.mjs';
import './compile-cache.mjs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfChanged } from './build.mjs';
import { loaded, withoutComment } from './command-line.mjs';
import { desktopFlags } from './desktop-flags.mjs';
import { runDesktop } from './desktop-start.mjs';
import { refuseSwallowedFlags } from './swallowed-flags.mjs';

/**
 * `npm start`: builds what changed, then runs the desktop application, or, where that cannot be had, the
 * headless host with the same UI in the browser, saying why.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The Electron binary is fetched at first use; a machine that cannot fetch it must not wait for ever. */
const BINARY_LIMIT_MS = 180_000;

const args = withoutComment(process.argv.slice(2));
refuseSwallowedFlags();
// Not before the version of Node is known to be one that reads TypeScript.
const { thisMachine, windowObstacle } = await import('../core/platform/index.ts');
buildIfChanged();
const { environment, foreign } = desktopFlags(args);
const found = args.includes('--headless') ? { obstacle: 'asked for with --headless' } : electron();
if (found.binary === undefined) await startHeadless(found.obstacle);
else await startDesktop(found.binary);

/** Electron's binary, or why the desktop application cannot run here. */
function electron() {
  if (foreign !== undefined) return { obstacle: `${foreign} is for the program without a window` };
  const obstacle = windowObstacle(thisMachine());
  if (obstacle !== undefined) return { obstacle };
  process.stderr.write('Looking for the Electron binary (the first start downloads it)\n');
  const probe = spawnSync(process.execPath, ['-e', "process.stdout.write('\\n' + require('electron'))"], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: BINARY_LIMIT_MS,
  });
  // What it says of the download goes before.
  const binary = probe.stdout?.trim().split('\n').at(-1);
  return probe.status === 0 && binary ? { binary } : { obstacle: 'the Electron binary cannot be had here' };
}

async function startDesktop(binary) {
  const end = await runDesktop(binary, [ROOT], { ...process.env, ...environment });
  if (end.kind === 'ended') process.exitCode = end.code;
  else await startHeadless(end.reason);
}

async function startHeadless(reason) {
  process.stderr.write(`Running without a window: ${reason}. The same program opens in your browser.\n`);
  const { main } = await loaded(() => import('../core/cli/main.ts'));
  process.exitCode = await main([
    'run',
    '--headless',
    ...args.filter((argument) => argument !== '--headless'),
  ]);
}
