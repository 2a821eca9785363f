import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  missingFiles,
  neededFiles,
  needlessPackages,
  privateFiles,
} from '../../scripts/package-contents.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
};
const needed = neededFiles(ROOT);

describe('what a package has to hold', () => {
  test('is the program, its migrations, prompts, tray images and every file of its model sets', () => {
    expect(needed).toEqual(
      expect.arrayContaining([
        'out/main/main.js',
        'migrations/sqlite/0001_ledger.sql',
        'models/manifest.json',
      ]),
    );
    const manifest = JSON.parse(readFileSync(join(ROOT, 'models/manifest.json'), 'utf8')) as {
      readonly models: readonly { readonly file: string }[];
    };
    expect(needed).toEqual(expect.arrayContaining(manifest.models.map(({ file }) => `models/${file}`)));
    expect(needed.filter((path) => /training|\/\./.test(path))).toEqual([]);
  });

  test('is missed, whatever it is', () => {
    expect(missingFiles(needed, needed)).toEqual([]);
    for (const path of needed)
      expect(
        missingFiles(
          needed.filter((each) => each !== path),
          needed,
        ),
      ).toEqual([`${path} is missing`]);
  });
});

test.each([
  'out/renderer/assets/index.js.map',
  'node_modules/ws/lib/index.js.map',
  'models/.env',
  'out/main/.env.local',
  'models/apple.p8',
  'prompts/certificate.pfx',
  'node_modules/x/key.pem',
  '.npmrc',
  'tray/id_ed25519',
  'models/settings.json',
  'models/live.sqlite-wal',
  'out/main/tradebot.log',
])('%s is refused: it tells the sources, or may hold keys', (path) => {
  expect(privateFiles(['out/main/main.js', path])).toEqual([expect.stringMatching(/(tell|hold|be)/)]);
});

test('what a package has to hold is not taken for private', () => {
  expect(privateFiles(needed)).toEqual([]);
});

test('a package for development is refused, wherever it lies, and one that nobody knows', () => {
  const own = ['node_modules/ws/index.js', 'node_modules/@fastify/static/index.js', 'out/main/main.js'];
  expect(needlessPackages(own, packages)).toEqual([]);
  expect(
    needlessPackages(
      [
        ...own,
        'node_modules/vitest/a.js',
        'node_modules/ws/node_modules/@types/react/b.d.ts',
        'node_modules/unknown-one/c.js',
      ],
      packages,
    ),
  ).toEqual([
    '@types/react is for development alone',
    'unknown-one is in no lock file',
    'vitest is for development alone',
  ]);
});
