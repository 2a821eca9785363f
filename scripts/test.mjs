#!/usr/bin/env node
import './check-node.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm test`: every check in order, those beside each other that only read, stopping where one fails, closing with the
 * counts of all tests.
 * `npm run test:system`: only the tests that need a desktop session (a keychain, a display).
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(ROOT, 'node_modules', name);
const reports = mkdtempSync(join(tmpdir(), 'tradebot-test-'));
const vitestReport = join(reports, 'vitest.json');
const playwrightReport = join(reports, 'playwright.json');
const vitest = (...options) => [
  ...[bin('vitest/vitest.mjs'), 'run', ...options],
  ...['--reporter=default', '--reporter=json', `--outputFile=${vitestReport}`],
];

const READING = [
  ['types', [bin('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ['types of the renderer', [bin('typescript/bin/tsc'), '-p', 'renderer/tsconfig.json']],
  ['types of the browser tests', [bin('typescript/bin/tsc'), '-p', 'tests/browser/tsconfig.json']],
  ['format and lint', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
  ['lint with types', [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']],
  ['dependency rule', [join(ROOT, 'scripts', 'dependency-rule.mjs')]],
];

const SUITES = {
  all: [
    ['build', [join(ROOT, 'scripts', 'build.mjs')]],
    [
      'unit, contract, property and integration tests',
      vitest('--coverage', `--coverage.reportsDirectory=${join(reports, 'coverage')}`),
    ],
    [
      'browser tests',
      [bin('playwright/cli.js'), 'test', '-c', 'tests/browser/playwright.config.ts', '--reporter=list,json'],
    ],
  ],
  system: [['system tests', vitest('--config', 'vitest.system.config.ts')]],
};
const BEFORE = { all: READING, system: [] };

const suite = process.argv[2] ?? 'all';
const stages = SUITES[suite];
if (stages === undefined) {
  process.stderr.write(`error: there is no suite "${suite}", only ${Object.keys(SUITES).join(' and ')}\n`);
  process.exit(2);
}
// The stage in hand gets the interrupt too, and ends; what follows tidies up.
process.on('SIGINT', () => undefined);

let failed = false;
const summary = [];
try {
  const read = await Promise.all(BEFORE[suite].map(check));
  failed = read.includes(false);
  for (const [name, command] of failed ? [] : stages) {
    const started = Date.now();
    process.stdout.write(`\n== ${name}\n`);
    const run = spawnSync(process.execPath, command, {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
        // Else Playwright leaves its compiled tests in the system's temporary folder.
        PWTEST_CACHE_DIR: join(reports, 'playwright-cache'),
      },
    });
    failed = run.status !== 0;
    summarise(name, failed, started);
    if (failed) break;
  }
  const counts = countTests();
  if (!failed && counts.passed === 0) {
    failed = true;
    summary.push('FAILED  no test was executed');
  }
  // What a failed browser test leaves there is for whoever looks into it.
  if (!failed) rmSync(join(ROOT, 'test-results'), { recursive: true, force: true });
  process.stdout.write(`\n${summary.join('\n')}\n\n${counts.passed} passed, ${counts.failed} failed\n`);
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** Runs one check beside others, and tells what it said in one piece. @returns whether it passed. */
async function check([name, command]) {
  const started = Date.now();
  const run = spawn(process.execPath, command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [run.stdout, run.stderr]) {
    stream.on('data', (piece) => {
      said += piece;
    });
  }
  const [code] = await once(run, 'close');
  process.stdout.write(`\n== ${name}\n${said}`);
  summarise(name, code !== 0, started);
  return code === 0;
}

function summarise(name, isFailed, started) {
  const seconds = Math.round((Date.now() - started) / 1000);
  summary.push(`${isFailed ? 'FAILED' : 'passed'}  ${name} (${seconds} s)`);
}

function countTests() {
  const unit = readReport(vitestReport);
  const browser = readReport(playwrightReport)?.stats;
  return {
    passed: (unit?.numPassedTests ?? 0) + (browser?.expected ?? 0),
    failed: failedUnits(unit) + (browser?.unexpected ?? 0) + (browser?.flaky ?? 0),
  };
}

/** Failed tests, and the files that failed before their first test. */
function failedUnits(report) {
  const files = report?.testResults.filter(({ status }) => status === 'failed') ?? [];
  const perFile = files.map(({ assertionResults: tests }) =>
    tests.filter(({ status }) => status === 'failed'),
  );
  return perFile.reduce((sum, tests) => sum + Math.max(1, tests.length), 0);
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The stage that writes it was not reached.
    return undefined;
  }
}
