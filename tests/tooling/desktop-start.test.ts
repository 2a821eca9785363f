import { expect, test } from 'vitest';
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

test('one that is not there is told as well', async () => {
  const end = await runDesktop('/nowhere/electron', [], {});
  expect(end).toMatchObject({ kind: 'fell', reason: expect.stringContaining('ENOENT') });
});

test.each([
  ['ends by itself', '', 0],
  ['shows that it runs already, and ends', 'process.exit(0)', 0],
  ['had started and fails later', `${MARK} process.exit(7)`, 7],
])('one that %s is no reason for the browser', async (_, script, code) => {
  expect(await startedAs(script)).toEqual({ kind: 'ended', code });
});
