import { WorkerRunner } from '../worker-runner.ts';

/** A program for tests that leaves while models load on their thread: `node leaving-program.ts MILLISECONDS FILE...`. */
const [waitMs, ...files] = process.argv.slice(2);
const runner = new WorkerRunner();
for (const path of files) {
  const job = { path, bytes: 1, rowShape: [1], rows: 1, input: new Float32Array(1) };
  runner.run([job]).catch(() => undefined);
}
setTimeout(() => process.exit(0), Number(waitMs));
