import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FLAGS, swallowedFlag } from '../../scripts/swallowed-flags.mjs';

it.each([
  [{ npm_config_data_dir: 'true' }, '--data-dir'],
  [{ npm_config_mode: 'live', npm_config_headless: '' }, '--mode'],
  [{ npm_config_registry: 'https://example.com', npm_config_loglevel: 'silent' }, undefined],
  [{}, undefined],
])('of %j npm kept %s', (environment, flag) => {
  expect(swallowedFlag(environment)).toBe(flag);
});

it('is told of each flag of the program, whichever command takes it', () => {
  const folder = join(import.meta.dirname, '..', '..', 'core', 'cli');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const texts = sources.map((name) => readFileSync(join(folder, name), 'utf8'));
  const taken = texts.flatMap((text) => [...text.matchAll(/[oO]ption\(\s*'(?:-\w, )?--(?:no-)?([a-z-]+)/g)]);
  const own = new Set(taken.map(([, name = '']) => name));
  // Set by npm for reasons of its own; without them no more is done than was meant.
  for (const npms of ['json', 'tag', 'only', 'scope', 'audit']) own.delete(npms);
  expect([...own].sort()).toEqual([...FLAGS].sort());
});
