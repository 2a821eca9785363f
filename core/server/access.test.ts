import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Access, isAllowedHost, isAllowedOrigin } from './access.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-access-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const tokenFile = (): string => join(directory, 'api-token');

describe('login tokens', () => {
  it('become a session once', () => {
    const access = new Access(directory);
    const token = access.issueLoginToken();
    const session = access.login(token);
    expect(access.isSession(session)).toBe(true);
    expect(access.login(token)).toBeUndefined();
  });

  it('differ, and none is known that was not issued', () => {
    const access = new Access(directory);
    expect(access.issueLoginToken()).not.toBe(access.issueLoginToken());
    expect(access.login('')).toBeUndefined();
    expect(access.login('guess')).toBeUndefined();
  });

  it('are no sessions, nor are sessions login tokens', () => {
    const access = new Access(directory);
    const token = access.issueLoginToken();
    expect(access.isSession(token)).toBe(false);
    const session = access.login(token);
    expect(access.login(session ?? '')).toBeUndefined();
  });
});

describe('sessions', () => {
  it('end when logged out', () => {
    const access = new Access(directory);
    const session = access.login(access.issueLoginToken()) ?? '';
    access.logout(session);
    expect(access.isSession(session)).toBe(false);
    expect(access.isSession(undefined)).toBe(false);
  });

  it('are at most 100: the oldest makes room', () => {
    const access = new Access(directory);
    const sessions = Array.from({ length: 101 }, () => access.login(access.issueLoginToken()));
    expect(access.isSession(sessions[0])).toBe(false);
    expect(access.isSession(sessions[1])).toBe(true);
    expect(access.isSession(sessions[100])).toBe(true);
  });
});

describe('the API token', () => {
  it('#33 is random, stored for its owner only, and kept over restarts', () => {
    new Access(directory);
    const token = readFileSync(tokenFile(), 'utf8').trim();
    expect(token.length).toBeGreaterThanOrEqual(43);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(new Access(directory).isBearer(`Bearer ${token}`)).toBe(true);
  });

  it.each([
    ['too short to be safe', 'short'],
    ['good, in a file that others may read', 'x'.repeat(43)],
  ])('that is %s ends up readable by its owner only', (_case, text) => {
    writeFileSync(tokenFile(), text);
    chmodSync(tokenFile(), 0o644);
    const access = new Access(directory);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(access.isBearer(`Bearer ${text}`)).toBe(text.length >= 32);
  });

  it('that cannot be read is an error, not a new token', () => {
    expect(() => new Access(join(tokenFile(), 'missing'))).toThrow('ENOENT');
    writeFileSync(tokenFile(), '');
    expect(() => new Access(tokenFile())).toThrow('ENOTDIR');
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
    const access = new Access(directory);
    const token = readFileSync(tokenFile(), 'utf8').trim();
    expect(access.isBearer(header(token))).toBe(known);
  });
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
