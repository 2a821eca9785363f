import { expect, onTestFinished, test, vi } from 'vitest';
import { runDesktop } from '../../scripts/desktop-start.mjs';

/** What becomes of an "Electron" that is Node with this script. */
const startedAs = (script: string) => runDesktop(process.execPath, ['-e', script], process.env);
const MARK = "require('node:fs').writeFileSync(process.env.TRADEBOT_STARTED_FILE, '');";

test.each([
  [
    'console.error("FATAL:setuid_sandbox_host.cc(158)] The SUID sandbox helper binary was found"); process.exit(133)',
    'forbids Electron its sandbox',
  ],
  [
    'console.error("FATAL: No usable sandbox! If you are running on Ubuntu 23.10+"); process.abort()',
    'forbids Electron its sandbox',
  ],
  [
    'console.error("electron: error while loading shared libraries: libnss3.so: cannot open shared object file"); process.exit(127)',
    'the system lacks libnss3.so',
  ],
  ['console.error("Missing X server or $DISPLAY"); process.exit(1)', 'the display cannot be used'],
  ['console.error("some\\nwords"); process.exit(5)', 'has died at its start with 5 (words)'],
  ['process.kill(process.pid, "SIGKILL")', 'has died at its start'],
])('an Electron that dies early is told, with why: %s', async (script, words) => {
  const end = await startedAs(script);
  expect(end).toMatchObject({ kind: 'fell', reason: expect.stringContaining(words) });
});

test.each([
  ['is not there', '/nowhere/electron', 'ENOENT'],
  ['the system refuses at once, as one for another processor', `${process.execPath}/electron`, 'ENOTDIR'],
])('one that %s is told as well', async (_, command, words) => {
  const end = await runDesktop(command, [], {});
  expect(end).toMatchObject({ kind: 'fell', reason: expect.stringContaining(words) });
});

test('one that ends without having started, be it without a failure, is told', async () => {
  expect(await startedAs('process.exit(0)')).toEqual({
    kind: 'fell',
    reason: 'Electron has ended without having started',
  });
});

test('one that hangs before it has started is ended and told', async () => {
  const script = "process.on('SIGTERM', () => process.exit(0)); setInterval(() => undefined, 1000);";
  const end = await runDesktop(process.execPath, ['-e', script], process.env, 100);
  expect(end).toEqual({ kind: 'fell', reason: 'Electron has not started within 0.1 s' });
});

test('an editor’s variable does not make Node of it', async () => {
  const script = `${MARK} process.exit(process.env.ELECTRON_RUN_AS_NODE === undefined ? 0 : 9)`;
  const end = await runDesktop(process.execPath, ['-e', script], {
    ...process.env,
    ELECTRON_RUN_AS_NODE: '1',
  });
  expect(end).toEqual({ kind: 'ended', code: 0 });
});

test('a machine without a place for temporary files runs it all the same', async () => {
  vi.stubEnv('TMPDIR', '/nowhere/at/all');
  vi.stubEnv('TEMP', '/nowhere/at/all');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await startedAs('process.exit(0)')).toEqual({ kind: 'ended', code: 0 });
  expect(await startedAs('process.exit(5)')).toMatchObject({ kind: 'fell' });
});

test.each([
  ['ends by itself', `${MARK} process.exit(0)`, 0],
  ['had started and fails later', `${MARK} process.exit(7)`, 7],
])('one that %s is no reason for the browser', async (_, script, code) => {
  expect(await startedAs(script)).toEqual({ kind: 'ended', code });
});
