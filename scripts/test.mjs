#!/usr/bin/env node
import './check-node.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserFailures } from './browser-failures.mjs';

/**
 * `npm test`: every check in order, those beside each other that only read, stopping where one fails, closing with what
 * failed and the counts of all tests.
 * `npm run test:system`: only the tests that need a desktop session (a keychain, a display).
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(ROOT, 'node_modules', name);
const reports = mkdtempSync(join(tmpdir(), 'tradebot-test-'));
const playwrightReport = join(reports, 'playwright.json');

/** A stage, its command, and what its report says once it has run: undefined without one. */
const vitest = (name, ...options) => {
  const report = join(reports, `${name.replaceAll(/\W+/g, '-')}.json`);
  const reporters = ['default', join(ROOT, 'tests', 'tooling', 'failure-reporter.ts')];
  const command = [
    ...[bin('vitest/vitest.mjs'), 'run', ...options],
    ...[...reporters.map((reporter) => `--reporter=${reporter}`), `--outputFile.failures=${report}`],
  ];
  return [name, command, () => readReport(report)];
};

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
    vitest(
      'tests of the money code, every branch',
      ...['--project', 'money*', '--coverage', `--coverage.reportsDirectory=${join(reports, 'coverage')}`],
    ),
    vitest('unit, contract, property and integration tests', '--project', '!money*'),
    [
      'browser tests',
      [bin('playwright/cli.js'), 'test', '-c', 'tests/browser/playwright.config.ts', '--reporter=list,json'],
      () => {
        const report = readReport(playwrightReport);
        return report && { passed: report.stats.expected, failures: browserFailures(report) };
      },
    ],
  ],
  system: [vitest('system tests', '--config', 'vitest.system.config.ts')],
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
/** What failed in a stage that tells, first lines at the margin. */
const failures = [];
let passed = 0;
try {
  const checked = await Promise.all(BEFORE[suite].map(check));
  failed = checked.includes(false);
  for (const [name, command, read = () => undefined] of failed ? [] : stages) {
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
    const { passed: count = 0, failures: told = [] } = read() ?? {};
    passed += count;
    if (!failed) continue;
    const ending = run.signal ?? `exit code ${run.status}`;
    failures.push(...(told.length > 0 ? told : [`${name}: ended with ${ending}, no report says why`]));
    break;
  }
  if (!failed && passed === 0) {
    failed = true;
    failures.push('no test was executed');
  }
  // What a failed browser test leaves there is for whoever looks into it.
  if (!failed) rmSync(join(ROOT, 'test-results'), { recursive: true, force: true });
  if (failures.length > 0) process.stdout.write(`\nWhat failed:\n\n${failures.join('\n\n')}\n`);
  process.stdout.write(`\n${summary.join('\n')}\n\n${passed} passed, ${failures.length} failed\n`);
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

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The stage that writes it was not reached.
    return undefined;
  }
}
