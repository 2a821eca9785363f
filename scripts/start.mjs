#!/usr/bin/env node
import './check-node.mjs';
import './compile-cache.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfChanged } from './build.mjs';
import { desktopFlags } from './desktop-flags.mjs';
import { refuseSwallowedFlags } from './swallowed-flags.mjs';

/**
 * `npm start`: builds what changed, then runs the desktop application, or, where that cannot be had, the
 * headless host with the same UI in the browser, saying why.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** The Electron binary is fetched at first use; a machine that cannot fetch it must not wait for ever. */
const BINARY_LIMIT_MS = 180_000;

const args = process.argv.slice(2);
refuseSwallowedFlags();
// Not before the version of Node is known to be one that reads TypeScript.
const { thisMachine, windowObstacle } = await import('../core/platform/index.ts');
buildIfChanged();
const { environment, foreign } = desktopFlags(args);
const obstacle = args.includes('--headless') ? 'asked for with --headless' : desktopObstacle();
if (obstacle === undefined) startDesktop();
else await startHeadless(obstacle);

/** Why the desktop application cannot run here, or undefined when it can. */
function desktopObstacle() {
  if (foreign !== undefined) return `${foreign} is for the program without a window`;
  const none = windowObstacle(thisMachine());
  if (none !== undefined) return none;
  process.stderr.write('Looking for the Electron binary (the first start downloads it)\n');
  const probe = spawnSync(process.execPath, ['-e', "process.stdout.write(require('electron'))"], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: BINARY_LIMIT_MS,
  });
  if (probe.status !== 0) return 'the Electron binary cannot be had here';
  return undefined;
}

function startDesktop() {
  const cli = join(ROOT, 'node_modules', 'electron', 'cli.js');
  const child = spawn(process.execPath, [cli, ROOT], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

async function startHeadless(reason) {
  process.stderr.write(`Running without a window: ${reason}. The same program opens in your browser.\n`);
  const { main } = await import('../core/cli/main.ts');
  process.exitCode = await main([
    'run',
    '--headless',
    ...args.filter((argument) => argument !== '--headless'),
  ]);
}
