import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, SILENT_LOGGER } from '../domain/index.ts';
import { Access, isAllowedHost, isAllowedOrigin, proofOf } from './access.ts';
import { ApiTokens } from './api-tokens.ts';

let directory: string;
let clock: ManualClock;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-access-'));
  clock = new ManualClock(1_704_110_400_000);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const tokenFile = (): string => join(directory, 'api-token');
const open = (folder = directory): Access => new Access(folder, clock, SILENT_LOGGER);
const ownToken = (): string => readFileSync(tokenFile(), 'utf8').trim();

/** What a program's request brings. */
function program(authorization: string | undefined) {
  return { authorization, cookies: {}, key: undefined };
}

describe('the token of the command line', () => {
  it('#33 is random, stored for its owner only, and kept over restarts', () => {
    open();
    expect(ownToken().length).toBeGreaterThanOrEqual(43);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(open().callerOf(program(`Bearer ${ownToken()}`))).toMatchObject({ isOwner: true });
  });

  it.each([
    ['too short to be safe', 'short'],
    ['good, in a file that others may read', 'x'.repeat(43)],
  ])('that is %s ends up readable by its owner only', (_case, text) => {
    writeFileSync(tokenFile(), text);
    chmodSync(tokenFile(), 0o644);
    const access = open();
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(access.callerOf(program(`Bearer ${text}`)) !== undefined).toBe(text.length >= 32);
  });

  it('that cannot be read is an error, not a new token', () => {
    expect(() => open(join(tokenFile(), 'missing'))).toThrow('ENOENT');
    writeFileSync(tokenFile(), '');
    expect(() => open(tokenFile())).toThrow('ENOTDIR');
  });

  it.each([
    ['the token', (token: string) => `Bearer ${token}`, true],
    ['the scheme in small letters', (token: string) => `bearer ${token}`, true],
    ['no header', () => undefined, false],
    ['an empty header', () => '', false],
    ['the scheme alone', () => 'Bearer', false],
    ['an empty token', () => 'Bearer ', false],
    ['another scheme', (token: string) => `Basic ${token}`, false],
    ['the token alone', (token: string) => token, false],
    ['a longer token', (token: string) => `Bearer ${token}x`, false],
    ['a shorter token', (token: string) => `Bearer ${token.slice(1)}`, false],
  ])('%s is recognised: %#', (_case, header, known) => {
    const access = open();
    expect(access.callerOf(program(header(ownToken()))) !== undefined).toBe(known);
  });

  it('is proven by the host, for one question at one port', () => {
    const proof = open().prove('a nonce', 5173);
    expect(proof).toBe(proofOf(ownToken(), 'a nonce', 5173));
    expect(proof).not.toBe(proofOf(ownToken(), 'another', 5173));
    expect(proof).not.toBe(proofOf(ownToken(), 'a nonce', 5174));
    expect(proof).not.toBe(proofOf('another token', 'a nonce', 5173));
  });
});

describe('a token for another program', () => {
  it('may do what it was made for', () => {
    const access = open();
    const { secret } = new ApiTokens(directory, clock).make('grafana', ['read'], 1);
    expect(access.callerOf(program(`Bearer ${secret}`))).toEqual({
      scopes: new Set(['read']),
      isOwner: false,
    });
  });

  it('opens nothing while the file of the tokens is damaged, and the command line still does', () => {
    const access = open();
    const { secret } = new ApiTokens(directory, clock).make('grafana', ['read'], 1);
    writeFileSync(join(directory, 'api-tokens.json'), '[{');
    expect(access.callerOf(program(`Bearer ${secret}`))).toBeUndefined();
    expect(access.callerOf(program(`Bearer ${ownToken()}`))).toMatchObject({ isOwner: true });
  });
});

it('a browser with both halves of a session may do everything but make links', () => {
  const access = open();
  const { cookie, key } = access.sessions.login(access.sessions.issueLoginToken()) ?? { cookie: '', key: '' };
  const cookies = { [access.sessions.cookieName]: cookie };
  expect(access.callerOf({ authorization: undefined, cookies, key })).toMatchObject({
    scopes: new Set(['read', 'safety', 'trade']),
    isOwner: false,
  });
  expect(access.callerOf({ authorization: undefined, cookies, key: undefined })).toBeUndefined();
});

describe('addresses', () => {
  it.each([
    ['127.0.0.1:5173', true],
    ['localhost:5173', true],
    ['[::1]:5173', true],
    ['127.0.0.1:5174', false],
    ['127.0.0.1', false],
    ['evil.example:5173', false],
    ['127.0.0.1.evil.example:5173', false],
    ['localhost:5173.evil.example', false],
    ['0.0.0.0:5173', false],
    ['', false],
    [undefined, false],
  ])('host %s is ours: %s', (host, allowed) => {
    expect(isAllowedHost(host, 5173)).toBe(allowed);
  });

  it.each([
    [undefined, true],
    ['http://127.0.0.1:5173', true],
    ['http://localhost:5173', true],
    ['https://localhost:5173', false],
    ['http://localhost:5174', false],
    ['http://evil.example', false],
    ['http://127.0.0.1:5173.evil.example', false],
    ['http://evil.example#http://127.0.0.1:5173', false],
    ['null', false],
    ['', false],
  ])('origin %s may talk to us: %s', (origin, allowed) => {
    expect(isAllowedOrigin(origin, 5173)).toBe(allowed);
  });
});
