import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SeededRandom } from '../../domain/index.ts';
import { installationId } from './installation-id.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-installation-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('an installation keeps the name that it took at its first start', () => {
  const first = installationId(directory, new SeededRandom(1));
  expect(first).toMatch(/^[0-9a-z]{3}$/);
  expect(installationId(directory, new SeededRandom(2))).toBe(first);
  expect(readFileSync(join(directory, 'installation-id'), 'utf8')).toBe(`${first}\n`);
});

test('V19 two installations have two names, and the smallest number has three characters too', () => {
  const other = installationId(join(directory, 'other'), new SeededRandom(2));
  expect(other).not.toBe(installationId(directory, new SeededRandom(1)));
  expect(installationId(join(directory, 'least'), { next: () => 0 })).toBe('000');
  expect(installationId(join(directory, 'most'), { next: () => 0.9999999 })).toBe('zzz');
});

test('a file that holds no name is written anew', () => {
  writeFileSync(join(directory, 'installation-id'), 'Kühlschrank');
  expect(installationId(directory, new SeededRandom(1))).toMatch(/^[0-9a-z]{3}$/);
});
