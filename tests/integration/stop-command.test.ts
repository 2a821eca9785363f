import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dataDirectory, launchDesktop } from '../electron/launch.ts';
import { RunningProgram, temporaryFolder, tradebotBeside, tradebotWith } from './program.ts';

const DEMO = ['--mode', 'demo', '--seed', '3'] as const;

function folder(): string {
  const made = temporaryFolder();
  onTestFinished(made.remove);
  return made.path;
}

test('`tradebot stop` ends every running program cleanly, and says where; again there is nothing to stop', async () => {
  const directories = [folder(), folder()];
  const programs = await Promise.all(directories.map((each) => RunningProgram.start(each, ...DEMO)));
  onTestFinished(async () => {
    for (const program of programs) await program.crash();
  });
  const stopped = await tradebotBeside('stop');
  expect([stopped.exitCode, stopped.stderr]).toEqual([0, '']);
  for (const directory of directories) {
    expect(stopped.stdout).toContain(`${directory}: stopped. Orders and positions are kept as they are.`);
    // What only a clean end takes away, and no latch: the next start trades on.
    expect(readdirSync(directory)).not.toContain('engine.pid');
    expect(existsSync(join(directory, 'stop-request.json'))).toBe(false);
    expect(existsSync(join(directory, 'kill-switch.json'))).toBe(false);
  }
  const again = await tradebotBeside('stop');
  expect([again.exitCode, again.stdout]).toEqual([0, 'No program runs: there is nothing to stop.\n']);
});

test('with --data-dir it ends the program there and names the others', async () => {
  const [mine, other] = [folder(), folder()];
  const programs = await Promise.all([mine, other].map((each) => RunningProgram.start(each, ...DEMO)));
  onTestFinished(async () => {
    for (const program of programs) await program.stop();
  });
  const stopped = await tradebotBeside('--data-dir', mine, 'stop');
  expect(stopped.stdout).toContain(`${mine}: stopped.`);
  expect(stopped.stdout).toContain(`Not stopped, since --data-dir names another: ${other}`);
  expect(await programs[1]?.get('health/live')).toBeDefined();
});

test('the desktop application hears it as well, and ends without a question', async () => {
  const home = folder();
  const app = await launchDesktop(home);
  const closed = app.waitForEvent('close');
  const stopped = await tradebotWith({ TRADEBOT_RUNTIME_DIR: join(home, 'running') }, 'stop');
  expect([stopped.exitCode, stopped.stdout]).toEqual([
    0,
    `${dataDirectory(home)}: stopped. Orders and positions are kept as they are.\n`,
  ]);
  await closed;
});
