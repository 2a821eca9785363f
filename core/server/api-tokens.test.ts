import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../domain/index.ts';
import { ApiTokens } from './api-tokens.ts';

const DAY_MS = 86_400_000;

let directory: string;
let clock: ManualClock;
let tokens: ApiTokens;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-tokens-'));
  clock = new ManualClock(1_704_110_400_000);
  tokens = new ApiTokens(directory, clock);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const file = (): string => join(directory, 'api-tokens.json');

describe('a token for another program', () => {
  it('has the scopes that it was made with, until its end', () => {
    const { secret } = tokens.make('grafana', ['read', 'safety'], 2);
    clock.advanceTo(clock.now() + 2 * DAY_MS - 1);
    expect(tokens.scopesOf(secret)).toEqual(new Set(['read', 'safety']));
    clock.advanceTo(clock.now() + 1);
    expect(tokens.scopesOf(secret)).toBeUndefined();
  });

  it('is on the disk as a digest, for its owner only', () => {
    const { secret } = tokens.make('grafana', ['read'], 2);
    expect(readFileSync(file(), 'utf8')).not.toContain(secret);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('that the command line revokes opens nothing in the running program from then on', () => {
    const { secret, token } = tokens.make('grafana', ['read'], 2);
    const running = new ApiTokens(directory, clock);
    expect(running.scopesOf(secret)).toBeDefined();
    expect(new ApiTokens(directory, clock).revoke(token.id)).toEqual(token);
    expect(running.scopesOf(secret)).toBeUndefined();
    const another = new ApiTokens(directory, clock).make('other', ['trade'], 2);
    expect(running.scopesOf(another.secret)).toEqual(new Set(['trade']));
  });

  it('is unknown when it was never made', () => {
    expect(tokens.scopesOf('guess')).toBeUndefined();
    expect(() => tokens.revoke('00000000')).toThrow('there is no token 00000000');
  });
});

it('there are at most 100 that hold: those that have ended make room', () => {
  tokens.make('short', ['read'], 1);
  for (let each = 1; each < 100; each += 1) tokens.make(`long ${each}`, ['read'], 9);
  expect(() => tokens.make('one more', ['read'], 9)).toThrow('there are 100 tokens');
  clock.advanceTo(clock.now() + DAY_MS);
  tokens.make('one more', ['read'], 9);
  expect(tokens.list()).toHaveLength(100);
});

it.each(['{', '{}', '[{"id":"x"}]'])('a damaged file (%s) is named, and not written over', (text) => {
  writeFileSync(file(), text);
  expect(() => tokens.list()).toThrow('is damaged');
  expect(() => tokens.make('grafana', ['read'], 1)).toThrow('is damaged');
  expect(readFileSync(file(), 'utf8')).toBe(text);
});
