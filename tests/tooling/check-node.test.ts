import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const CHECK = pathToFileURL(join(import.meta.dirname, '..', '..', 'scripts', 'check-node.mjs')).href;

/** What the check does on a Node that says it is of this version. */
function checkOn(version: string): { readonly exitCode: number | null; readonly complaint: string } {
  const script = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } }); await import('${CHECK}');`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return { exitCode: run.status, complaint: run.stderr };
}

test.each(['18.20.4', '20.20.2', '22.17.9'])(
  'Node %s is refused in one line that says what to do',
  (version) => {
    const { exitCode, complaint } = checkOn(version);
    expect(exitCode).toBe(1);
    expect(complaint).toMatch(new RegExp(`^error: .*${version.replaceAll('.', '\\.')}.*npm ci.*\\n$`));
  },
);

test.each(['22.18.0', '24.21.0', '26.0.0'])('Node %s is accepted in silence', (version) => {
  expect(checkOn(version)).toEqual({ exitCode: 0, complaint: '' });
});

test('no script asks for TypeScript before the check: an older Node would end at that, and say nothing of itself', () => {
  const scripts = globSync('scripts/*.mjs', { cwd: join(import.meta.dirname, '..', '..') });
  const early = scripts.filter((path) => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8');
    return /^(import|export)\b[^;]*from '[^']+\.ts';/m.test(text);
  });
  expect(scripts.length).toBeGreaterThan(10);
  expect(early).toEqual([]);
});
