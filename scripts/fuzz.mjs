#!/usr/bin/env node
import './check-node.mjs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** `npm run fuzz -- --count N --seed S`: made-up requests against a demo that runs for it alone. */

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  process.stderr.write('error: --count and --seed take whole numbers\n');
  process.exit(2);
}
const { fuzzRest } = await import('../tests/fuzz/rest-fuzz.ts');
const { RunningProgram, tradebot } = await import('../tests/integration/program.ts');
const folder = mkdtempSync(join(tmpdir(), 'tradebot-fuzz-'));
const program = await RunningProgram.start(folder, '--mode', 'demo', '--speed', '60');
let faults = [];
try {
  const { stdout } = tradebot(
    '--data-dir',
    folder,
    'tokens',
    'make',
    'fuzz',
    '--scope',
    'read',
    '--days',
    '1',
  );
  const ownToken = readFileSync(join(folder, 'api-token'), 'utf8').trim();
  const memory = memoryMiB(program.pid);
  const target = { origin: program.origin, readToken: stdout.trim(), ownToken };
  faults = await fuzzRest(target, count, seed);
  const after = memoryMiB(program.pid);
  process.stdout.write(`resident memory: ${memory} MiB before, ${after} MiB after\n`);
} finally {
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const { request, fault } of faults) process.stdout.write(`${request}\n  ${fault}\n`);
process.stdout.write(`${count} requests, seed ${seed}: ${faults.length} faults\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Of a process, where the system tells by /proc. */
function memoryMiB(pid) {
  try {
    return Math.round(
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    );
  } catch {
    return 'unknown';
  }
}
