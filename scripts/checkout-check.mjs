#!/usr/bin/env node
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Checks this tree out as Git for Windows does, with `core.autocrlf=true`, and holds the checkout to what was here: no line
 * end has changed, every model answers as it should, the tests of what hashes pass, and a backtest has the same hash.
 */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const HOUR_MS = 3_600_000;
/** From here on the shipped models vote. */
const FROM = Date.UTC(2025, 0, 1);
const BARS = 2_000;
const TESTS = [
  'core/agents/call-memory.test.ts',
  'core/agents/prompt-library.test.ts',
  'core/backtest/result-hash.test.ts',
  'core/features/catalogue.test.ts',
  'core/features/golden.test.ts',
  'core/inference/model-set.test.ts',
  'core/inference/shipped-models.test.ts',
  'core/storage/sqlite/upgrade.test.ts',
];

const folder = mkdtempSync(join(tmpdir(), 'tradebot checkout ü '));
try {
  check();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function check() {
  const checkout = checkedOut();
  const changed = git(checkout, 'ls-files', '--eol')
    .split('\n')
    .filter((line) => /w\/(crlf|mixed)/.test(line));
  if (changed.length > 0) fail(`the checkout has other line ends:\n${changed.join('\n')}`);
  say('no line end is changed');
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'), 'junction');
  node(checkout, 'scripts/tradebot.mjs', 'ml', 'verify');
  say('ml verify passes');
  node(checkout, 'node_modules/vitest/vitest.mjs', 'run', ...TESTS);
  say(`the tests of what hashes pass: ${TESTS.length} files`);
  const data = join(folder, 'BTCUSDT-1h.csv');
  writeFileSync(data, candles());
  const [here, there] = [ROOT, checkout].map((tree) => hashOf(tree, data));
  if (here !== there) fail(`a backtest has the hash ${here} here and ${there} in the checkout`);
  say(`a backtest has the same hash: ${here}`);
}

/** A clone of this tree as it is, uncommitted changes included. */
function checkedOut() {
  const repository = join(folder, 'repository.git');
  const checkout = join(folder, 'checked out');
  git(folder, 'init', '-q', repository);
  const here = ['--git-dir', join(repository, '.git'), '--work-tree', ROOT];
  git(ROOT, ...here, 'add', '-A');
  const author = ['-c', 'user.name=checkout', '-c', 'user.email=checkout@localhost'];
  git(ROOT, ...here, ...author, 'commit', '-q', '--no-verify', '-m', 'the tree as it is');
  git(folder, '-c', 'core.autocrlf=true', 'clone', '-q', '-c', 'core.autocrlf=true', repository, checkout);
  return checkout;
}

/** Prices that turn often, the same on every machine; by line ends of Windows. */
function candles() {
  let state = 1;
  // Minimal standard generator (Park and Miller, 1988): whole numbers, the same everywhere.
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  let close = 50_000;
  const rows = Array.from({ length: BARS }, (_, hour) => {
    const open = close;
    close = Math.round(open * (1 + (random() - 0.5) * 0.03) * 100) / 100;
    const [high, low] = [Math.max(open, close) + 20, Math.min(open, close) - 20];
    const volume = Math.round(100 + 900 * random());
    return [FROM + hour * HOUR_MS, open, high.toFixed(2), low.toFixed(2), close, volume].join(',');
  });
  return ['timestamp_ms,open,high,low,close,volume', ...rows, ''].join('\r\n');
}

function hashOf(tree, data) {
  const flags = ['--symbol', 'BTC/USDT', '--timeframe', '1h', '--strategy', 'ensemble', '--json'];
  const printed = node(
    tree,
    ...['scripts/tradebot.mjs', '--data-dir', join(folder, 'data'), 'backtest', '--data', data, ...flags],
  );
  const { resultHash } = JSON.parse(printed);
  if (!/^[0-9a-f]{64}$/.test(resultHash)) fail(`a backtest says no hash: ${printed.slice(0, 500)}`);
  return resultHash;
}

function node(tree, script, ...args) {
  return run(process.execPath, [join(tree, script), ...args], tree);
}

function git(cwd, ...args) {
  return run('git', args, cwd);
}

/** What a program prints. Ends this one with its words where it fails. */
function run(command, args, cwd) {
  const { GIT_DIR: _, GIT_WORK_TREE: __, ...env } = process.env;
  const done = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.error !== undefined) fail(`${command} cannot be run: ${done.error.message}`);
  if (done.status !== 0) fail(`${args.join(' ')} ends with ${done.status}:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function fail(line) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.stderr.write(`error: ${line}\n`);
  process.exit(1);
}
