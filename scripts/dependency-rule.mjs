#!/usr/bin/env node
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Checks the dependency rule over a tree, this project's or the one named as argument. Every TypeScript file on the
 * disk must have been read: with a compiler it does not know the cruiser reads none, and finds nothing wrong.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const tree = resolve(process.argv[2] ?? ROOT);
const folders = ['core', 'electron', 'renderer'].filter((folder) => existsSync(join(tree, folder)));
const sources = folders.flatMap(sourcesIn);
if (sources.length === 0) fail('no module was read: there is no TypeScript in core, electron or renderer');

const cruiser = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
const config = join(ROOT, '.dependency-cruiser.cjs');
const run = spawnSync(process.execPath, [cruiser, '--config', config, '--output-type', 'json', ...folders], {
  cwd: tree,
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
});
const { modules, summary } = parse(run);
const read = new Set(modules.map((module) => module.source));
const unread = sources.filter((source) => !read.has(source));

for (const { rule, from, to } of summary.violations) complain(`${rule.name}: ${from} -> ${to}`);
for (const source of unread) complain(`${source} was not read`);
process.stdout.write(`${sources.length - unread.length} modules, ${summary.violations.length} violations\n`);
process.exitCode = summary.violations.length + unread.length === 0 ? 0 : 1;

/** The TypeScript files below a folder of the tree, as the cruiser names them. */
function sourcesIn(folder) {
  return readdirSync(join(tree, folder), { recursive: true })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'));
}

function parse({ stdout, stderr }) {
  try {
    return JSON.parse(stdout);
  } catch {
    return fail(`dependency-cruiser failed: ${stderr || stdout}`);
  }
}

function complain(text) {
  process.stderr.write(`error: ${text}\n`);
}

function fail(text) {
  complain(text);
  process.exit(1);
}
