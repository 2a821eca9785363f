#!/usr/bin/env node
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm test`: every check in order, stopping at the first that fails, closing with the counts of all tests. */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(ROOT, 'node_modules', name);
const reports = mkdtempSync(join(tmpdir(), 'tradebot-test-'));
const vitestReport = join(reports, 'vitest.json');
const playwrightReport = join(reports, 'playwright.json');

const STAGES = [
  ['types', [bin('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['types of the renderer', [bin('typescript/bin/tsc'), '-p', 'renderer/tsconfig.json']],
  ['format and lint', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
  ['lint with types', [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']],
  ['dependency rule', [join(ROOT, 'scripts', 'dependency-rule.mjs')]],
  [
    'unit, contract, property and integration tests',
    [bin('vitest/vitest.mjs'), 'run', '--coverage', '--reporter=default', '--reporter=json', `--outputFile=${vitestReport}`],
  ],
  ['build', [bin('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn']],
  [
    'browser tests',
    [bin('playwright/cli.js'), 'test', '-c', 'tests/browser/playwright.config.ts', '--reporter=list,json'],
  ],
];

let failed = false;
const summary = [];
try {
  for (const [name, command] of STAGES) {
    const started = Date.now();
    process.stdout.write(`\n== ${name}\n`);
    const run = spawnSync(process.execPath, command, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
    });
    failed = run.status !== 0;
    summary.push(`${failed ? 'FAILED' : 'passed'}  ${name} (${Math.round((Date.now() - started) / 1000)} s)`);
    if (failed) break;
  }
  const counts = countTests();
  if (!failed && counts.passed === 0) {
    failed = true;
    summary.push('FAILED  no test was executed');
  }
  process.stdout.write(`\n${summary.join('\n')}\n\n${counts.passed} passed, ${counts.failed} failed\n`);
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

function countTests() {
  const unit = readReport(vitestReport);
  const browser = readReport(playwrightReport)?.stats;
  return {
    passed: (unit?.numPassedTests ?? 0) + (browser?.expected ?? 0),
    failed: (unit?.numFailedTests ?? 0) + (browser?.unexpected ?? 0) + (browser?.flaky ?? 0),
  };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The stage that writes it was not reached.
    return undefined;
  }
}
