import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Command, hasFileModes, type Machine, PLATFORM, thisMachine } from '../platform/index.ts';
import { openInBrowser } from './browser.ts';

const URL = 'http://127.0.0.1:5173/#token=se</script>cret';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot browser '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const machine = (environment: Record<string, string>): Machine => ({
  ...thisMachine(environment),
  platform: 'linux',
  home: folder,
});

test('the login address is in a file of the user alone, and in no argument', () => {
  const started: Command[] = [];
  writeFileSync(join(folder, 'llm-tradebot-login.html'), 'an older one', { mode: 0o644 });
  const close = openInBrowser(machine({ DISPLAY: ':0', TRADEBOT_SECRET_A: 'key' }), URL, folder, (command) =>
    started.push(command),
  );
  const page = join(folder, 'llm-tradebot-login.html');
  expect(started).toEqual([{ command: 'xdg-open', args: [page], environment: { DISPLAY: ':0' } }]);
  const text = readFileSync(page, 'utf8');
  const [, address = ''] = /location\.replace\((.*)\)<\/script>/.exec(text) ?? [];
  expect(JSON.parse(address)).toBe(URL);
  expect(text.match(/<\/script>/g)).toHaveLength(1);
  if (hasFileModes(PLATFORM)) expect(statSync(page).mode & 0o777).toBe(0o600);
  close();
  expect(readdirSync(folder)).toEqual([]);
});

test('where nobody would see it nothing is written or started', () => {
  openInBrowser(machine({}), URL, folder, () => expect.fail('started'))();
  expect(readdirSync(folder)).toEqual([]);
});

test('a browser that cannot be started stops nothing and leaves nothing', () => {
  openInBrowser(machine({ DISPLAY: ':0' }), URL, folder, () => {
    throw new Error('EMFILE');
  });
  expect(readdirSync(folder)).toEqual([]);
});
