#!/usr/bin/env node
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';

/** Builds the UI and the desktop bundles into `out/` when something they are made of has changed. */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const STAMP = join(ROOT, 'out', '.built');
const SOURCES = ['renderer', 'electron', 'core', 'electron.vite.config.ts', 'package-lock.json'];

/** Says on stderr what it does, and ends the process when the build fails. */
export function buildIfChanged() {
  const changed = newest(SOURCES.map((path) => join(ROOT, path)));
  if (existsSync(STAMP) && changed <= statSync(STAMP).mtimeMs) return;
  const started = Date.now();
  const vite = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const run = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}${run.stderr}\nerror: the build failed, see above\n`);
    process.exit(1);
  }
  writeFileSync(STAMP, '');
  utimesSync(STAMP, new Date(started), new Date(started));
  process.stderr.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

/** The latest modification below the given paths, in milliseconds. */
function newest(paths) {
  let latest = 0;
  for (const path of paths) {
    const stat = statSync(path);
    latest = Math.max(latest, stat.mtimeMs);
    if (!stat.isDirectory()) continue;
    latest = Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))));
  }
  return latest;
}

if (isMain(import.meta.url)) buildIfChanged();
