#!/usr/bin/env node
import './check-node.mjs';
import { parseArgs } from 'node:util';

/**
 * `npm run chaos -- --seeds N --first-seed S`: the engine against the nasty venue, any number of seeds, on two
 * threads; with `--venue` the real process, killed and started again, against the local exchange of tests/venue;
 * with `--derived` of that it knows only what ccxt says, with `--dialect bybit-spot` it speaks another one. The last
 * line counts seeds, events and violations; a failing seed prints the command that replays it, with `--trace` its last
 * events, with `--json` everything as one document.
 */

const TRACE_LINES = 400;
const THREADS = 2;

const { seeds, firstSeed, venue, derived, dialect, json, trace } = readOptions();
const { replayCommand, runSeeds } = await import('../tests/chaos/run-seeds.ts');
const { addStats } = await import(venue ? '../tests/chaos-venue/stats.ts' : '../tests/chaos/stats.ts');
const say = (line) => {
  if (!json) process.stdout.write(`${line}\n`);
};

const results = await runSeeds({
  firstSeed,
  seeds,
  threads: THREADS,
  traceLines: trace ? TRACE_LINES : 0,
  onResult: tell,
  ...(venue ? { worker: await venueWorker() } : {}),
});
const events = results.reduce((sum, result) => sum + result.events, 0);
const failed = results.filter(({ violations }) => violations.length > 0);
const violations = failed.reduce((sum, result) => sum + result.violations.length, 0);
if (json) {
  const stats = results.map((result) => result.stats).reduce(addStats);
  const document = { seeds, firstSeed, events, violations, stats, failed: failed.map(withCommand) };
  process.stdout.write(`${JSON.stringify(document)}\n`);
}
say(`seeds ${seeds}, events ${events}, violations ${violations}`);
process.exitCode = violations === 0 ? 0 : 1;

function tell({ seed, violations: found, trace: lines }) {
  if (found.length === 0) return;
  for (const line of lines) say(line);
  for (const { rule, detail } of found) say(`seed ${seed}: ${rule}: ${detail}`);
  say(replayOf(seed));
}

function replayOf(seed) {
  const flags = [venue ? '--venue' : '', derived ? '--derived' : '', dialect ? `--dialect ${dialect}` : ''];
  return replayCommand(seed, flags.filter((flag) => flag !== '').join(' '));
}

async function venueWorker() {
  const { bundleHost } = await import('../tests/chaos-venue/bundle.ts');
  return {
    file: new URL('../tests/chaos-venue/worker.ts', import.meta.url),
    data: { host: await bundleHost(), isDerived: derived, dialect },
  };
}

function withCommand({ seed, violations: found, trace: lines }) {
  return { seed, replay: replayOf(seed), violations: found, trace: lines };
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: 'string', default: '100' },
        'first-seed': { type: 'string', default: '1' },
        venue: { type: 'boolean', default: false },
        derived: { type: 'boolean', default: false },
        dialect: { type: 'string' },
        json: { type: 'boolean', default: false },
        trace: { type: 'boolean', default: false },
      },
    });
    const counted = { seeds: Number(values.seeds), firstSeed: Number(values['first-seed']) };
    for (const [name, value] of Object.entries(counted)) {
      if (!Number.isSafeInteger(value) || value < 1)
        throw new TypeError(`${name} must be a whole number from 1`);
    }
    const { venue, derived, dialect } = values;
    return {
      ...counted,
      derived,
      dialect,
      venue: venue || derived || dialect !== undefined,
      json: values.json,
      trace: values.trace,
    };
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n`);
    process.exit(2);
  }
}
