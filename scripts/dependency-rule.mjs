#!/usr/bin/env node
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Checks the dependency rule over a tree, this project's or the one named as argument. A run that read no module
 * fails: a checker that looks at nothing finds nothing.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const tree = resolve(process.argv[2] ?? ROOT);
const folders = ['core', 'electron', 'renderer'].filter((folder) => existsSync(join(tree, folder)));
const cruiser = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
const config = join(ROOT, '.dependency-cruiser.cjs');

const run = spawnSync(process.execPath, [cruiser, '--config', config, '--output-type', 'json', ...folders], {
  cwd: tree,
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024,
});
let summary;
try {
  ({ summary } = JSON.parse(run.stdout));
} catch {
  process.stderr.write(`error: dependency-cruiser failed: ${run.stderr || run.stdout}\n`);
  process.exit(1);
}
for (const { rule, from, to } of summary.violations) process.stderr.write(`error: ${rule.name}: ${from} -> ${to}\n`);
if (summary.totalCruised === 0) process.stderr.write('error: no module was read\n');
process.stdout.write(`${summary.totalCruised} modules, ${summary.violations.length} violations\n`);
process.exitCode = summary.violations.length === 0 && summary.totalCruised > 0 ? 0 : 1;
