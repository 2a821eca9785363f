import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { currentNotices, notices } from '../../scripts/notices.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

/** A lock file whose only own packages are those given, beside the bundled ones that the list names. */
function lockWith(packages: Readonly<Record<string, object>>): object {
  return { packages: { '': { dependencies: { outer: '1.0.0' } }, ...packages } };
}

describe('THIRD_PARTY_NOTICES.md', () => {
  test('is up to date (mend it with `npm run notices`)', () => {
    expect(readFileSync(join(ROOT, 'THIRD_PARTY_NOTICES.md'), 'utf8')).toBe(currentNotices());
  });

  test('names what a package depends on, in the version that this package gets', () => {
    const lock = lockWith({
      'node_modules/outer': { version: '1.0.0', license: 'MIT', dependencies: { inner: '^2' } },
      'node_modules/outer/node_modules/inner': { version: '2.0.0', license: 'ISC' },
      'node_modules/inner': { version: '1.0.0', license: 'MIT' },
    });
    const text = notices(lock, () => []);
    expect(text).toContain('| inner | 2.0.0 | ISC |');
    expect(text).not.toContain('| inner | 1.0.0 |');
  });

  test.each(['GPL-3.0-only', 'MIT AND AGPL-3.0-only', undefined])('refuses the licence %s', (license) => {
    const lock = lockWith({ 'node_modules/outer': { version: '1.0.0', license } });
    expect(() => notices(lock, () => [])).toThrow('outer');
  });

  test('accepts a choice of which one side will do', () => {
    const lock = lockWith({ 'node_modules/outer': { version: '1.0.0', license: '(MIT OR GPL-3.0-only)' } });
    expect(notices(lock, () => [])).toContain('| outer | 1.0.0 | (MIT OR GPL-3.0-only) |');
  });
});
