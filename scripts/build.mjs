#!/usr/bin/env node
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './is-main.mjs';

/** Builds the UI and the desktop bundles into `out/` when something they are made of has changed. */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['renderer', 'electron', 'core', 'electron.vite.config.ts', 'package-lock.json'];
const BUILT = ['main/main.js', 'preload/preload.cjs', 'renderer/index.html'];

/** Says on stderr what it does, and ends the process with a line when the build fails. */
export function buildIfChanged() {
  const fault = builtFault(ROOT, build);
  if (fault === null) return;
  process.stderr.write(`error: ${fault}\n`);
  process.exit(1);
}

/**
 * Has `out/` be of these very sources. Times alone are no change: a copied or unpacked tree with its `out/` is used as it
 * is, also where nothing can be built or written.
 *
 * @param {string} root @param {(root: string) => string | null} build builds, and says what went wrong.
 * @returns {string | null} why it is not, as a line that says what to do.
 */
export function builtFault(root, build) {
  const out = join(root, 'out');
  const stamp = join(out, '.built');
  const sources = SOURCES.map((path) => join(root, path));
  const isWhole = existsSync(stamp) && BUILT.every((path) => existsSync(join(out, path)));
  if (isWhole && newest(sources) <= statSync(stamp).mtimeMs) return null;
  const started = new Date();
  const made = fingerprint(root);
  if (isWhole && readFileSync(stamp, 'utf8') === made) {
    touch(stamp, started);
    return null;
  }
  try {
    // What a build leaves that does not come to its end is of no sources.
    rmSync(stamp, { force: true });
    mkdirSync(out, { recursive: true });
    const fault = build(root);
    if (fault !== null) return fault;
    writeFileSync(stamp, made);
  } catch (error) {
    return `the pages have to be built, and ${out} cannot be written (${error.code}): copy the program to where it can`;
  }
  touch(stamp, started);
  return null;
}

function build(root) {
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  if (!existsSync(vite))
    return 'the pages have to be built, and what builds them is not installed: run `npm ci`';
  const started = Date.now();
  const run = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}\n`);
    return 'the build failed, see above: run `npm ci` again if you have changed nothing';
  }
  process.stderr.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
  return null;
}

/** Of what the sources are, whatever their times. */
function fingerprint(root) {
  const hash = createHash('sha256');
  const add = (path) => {
    const whole = join(root, path);
    if (statSync(whole).isDirectory()) for (const name of readdirSync(whole).sort()) add(`${path}/${name}`);
    else hash.update(`${path}\0`).update(createHash('sha256').update(readFileSync(whole)).digest());
  };
  for (const path of SOURCES) add(path);
  return hash.digest('hex');
}

/** The next look is at times alone. */
function touch(path, time) {
  try {
    utimesSync(path, time, time);
  } catch {
    // On a folder that is read-only the next look takes as long as this one.
  }
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
