import { expect, it } from 'vitest';
import { swallowedFlag } from '../../scripts/swallowed-flags.mjs';

it.each([
  [{ npm_config_data_dir: 'true' }, '--data-dir'],
  [{ npm_config_mode: 'live', npm_config_headless: '' }, '--mode'],
  [{ npm_config_registry: 'https://example.com', npm_config_loglevel: 'silent' }, undefined],
  [{}, undefined],
])('of %j npm kept %s', (environment, flag) => {
  expect(swallowedFlag(environment)).toBe(flag);
});
