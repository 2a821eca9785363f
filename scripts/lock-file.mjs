#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain } from './is-main.mjs';

/**
 * Writes what `allowScripts` of package.json denies into the lock file. Only recent npm reads `allowScripts`; the one
 * that comes with Node 20 and 22 would compile better-sqlite3 (which brings its binaries; `gypfile: false` is lost in
 * lock files, npm/cli#9837) and download CUDA for onnxruntime-node. Run through `npm run lock`; `npm install` undoes it.
 */
export function denyInstallScripts(manifest, lock) {
  const denied = Object.keys(manifest.allowScripts).filter((name) => manifest.allowScripts[name] === false);
  const packages = { ...lock.packages };
  for (const name of denied) {
    const path = `node_modules/${name}`;
    const entry = packages[path];
    if (entry === undefined) throw new Error(`allowScripts names ${name}, which the lock file does not have`);
    const { hasInstallScript, gypfile, ...rest } = entry;
    packages[path] = { ...rest, gypfile: false };
  }
  return { ...lock, packages };
}

if (isMain(import.meta.url)) {
  const root = join(import.meta.dirname, '..');
  const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const lock = denyInstallScripts(read('package.json'), read('package-lock.json'));
  writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
}
