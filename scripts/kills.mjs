#!/usr/bin/env node
import './check-node.mjs';
import { parseArgs } from 'node:util';

/**
 * `npm run kills -- [--times 200] [--seed 1]`: kills (SIGKILL) a program that writes to its books, at a point by chance, and
 * compares what is there with what it had said was written. Ends with 1 where anything is missing.
 */

// Not before the version of Node is known to be one that reads TypeScript.
const { SeededRandom } = await import('../core/domain/index.ts');
const { killAndCompare } = await import('../core/storage/testing/kill-and-compare.ts');

/** Lines of the program before it is killed, at most. */
const LINES = 400;

const { values } = parseArgs({
  options: { times: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const times = Number(values.times);
const seed = Number(values.seed);
if (!Number.isSafeInteger(times) || times < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('error: --times and --seed are whole numbers\n');
  process.exit(2);
}
const random = new SeededRandom(seed);
let failed = 0;
for (let time = 1; time <= times; time += 1) {
  const afterLines = 2 + Math.floor(random.next() * LINES);
  const wrong = await killAndCompare(afterLines);
  if (wrong.length === 0) continue;
  failed += 1;
  process.stdout.write(`kill ${time}, after ${afterLines} lines: ${wrong.join('; ')}\n`);
}
process.stdout.write(`kills ${times}, violations ${failed}\n`);
process.exitCode = failed === 0 ? 0 : 1;
