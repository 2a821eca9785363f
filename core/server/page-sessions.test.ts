import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, SILENT_LOGGER } from '../domain/index.ts';
import { PageSessions, type SessionSecrets } from './page-sessions.ts';

const DAY_MS = 86_400_000;

let directory: string;
let clock: ManualClock;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-sessions-'));
  clock = new ManualClock(1_704_110_400_000);
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const file = (): string => join(directory, 'sessions.json');
const open = (): PageSessions => new PageSessions(directory, clock, SILENT_LOGGER);

function loggedIn(sessions: PageSessions): SessionSecrets {
  const secrets = sessions.login(sessions.issueLoginToken());
  if (secrets === undefined) throw new Error('refused');
  return secrets;
}

describe('login tokens', () => {
  it('become a session once', () => {
    const sessions = open();
    const token = sessions.issueLoginToken();
    expect(sessions.sessionOf(sessions.login(token) ?? { cookie: '', key: '' })).toBeDefined();
    expect(sessions.login(token)).toBeUndefined();
  });

  it('differ, and none is known that was not issued', () => {
    const sessions = open();
    expect(sessions.issueLoginToken()).not.toBe(sessions.issueLoginToken());
    expect(sessions.login('')).toBeUndefined();
    expect(sessions.login('guess')).toBeUndefined();
  });

  it('end after a day', () => {
    const sessions = open();
    const [early, late] = [sessions.issueLoginToken(), sessions.issueLoginToken()];
    clock.advanceTo(clock.now() + DAY_MS - 1);
    expect(sessions.login(early)).toBeDefined();
    clock.advanceTo(clock.now() + 1);
    expect(sessions.login(late)).toBeUndefined();
  });

  it('are at most 100: the oldest makes room', () => {
    const sessions = open();
    const tokens = Array.from({ length: 101 }, () => sessions.issueLoginToken());
    expect(sessions.login(tokens[0] ?? '')).toBeUndefined();
    expect(sessions.login(tokens[1] ?? '')).toBeDefined();
  });
});

describe('a session', () => {
  it('takes both halves, and those of one session', () => {
    const sessions = open();
    const [one, other] = [loggedIn(sessions), loggedIn(sessions)];
    expect(sessions.sessionOf(one)).toBeDefined();
    expect(sessions.sessionOf({ cookie: one.cookie, key: undefined })).toBeUndefined();
    expect(sessions.sessionOf({ cookie: undefined, key: one.key })).toBeUndefined();
    expect(sessions.sessionOf({ cookie: one.cookie, key: other.key })).toBeUndefined();
    expect(sessions.sessionOf({ cookie: one.key, key: one.cookie })).toBeUndefined();
  });

  it('ends when logged out, by who has both halves', () => {
    const sessions = open();
    const secrets = loggedIn(sessions);
    expect(sessions.logout({ cookie: secrets.cookie, key: 'guess' })).toBeUndefined();
    const known = sessions.sessionOf(secrets);
    expect(sessions.logout(secrets)).toBe(known);
    expect(sessions.sessionOf(secrets)).toBeUndefined();
    expect(open().sessionOf(secrets)).toBeUndefined();
  });

  it('survives a restart, under the same cookie name, and only digests are kept', () => {
    const sessions = open();
    const secrets = loggedIn(sessions);
    const again = open();
    expect(again.sessionOf(secrets)).toBe(sessions.sessionOf(secrets));
    expect(again.cookieName).toBe(sessions.cookieName);
    expect(readFileSync(file(), 'utf8')).not.toContain(secrets.cookie);
    expect(readFileSync(file(), 'utf8')).not.toContain(secrets.key);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('ends after 30 days', () => {
    const sessions = open();
    const secrets = loggedIn(sessions);
    clock.advanceTo(clock.now() + 30 * DAY_MS - 1);
    expect(sessions.sessionOf(secrets)).toBeDefined();
    clock.advanceTo(clock.now() + 1);
    expect(sessions.sessionOf(secrets)).toBeUndefined();
  });

  it('makes room as the oldest of more than 100', () => {
    const sessions = open();
    const all = Array.from({ length: 101 }, () => loggedIn(sessions));
    expect(all.map((secrets) => sessions.sessionOf(secrets) !== undefined)).toEqual([
      false,
      ...Array.from({ length: 100 }, () => true),
    ]);
  });
});

it('two data directories have cookies of two names', () => {
  const other = mkdtempSync(join(tmpdir(), 'tradebot-sessions-'));
  expect(new PageSessions(other, clock, SILENT_LOGGER).cookieName).not.toBe(open().cookieName);
  rmSync(other, { recursive: true });
});

it.each([
  '',
  '{',
  '[]',
  '{"instance":"../x","sessions":[]}',
  '{"instance":"0123456789abcdef","sessions":[1]}',
])('a damaged file (%j) logs every browser out and nothing more', (text) => {
  writeFileSync(file(), text);
  const sessions = open();
  expect(sessions.sessionOf(loggedIn(sessions))).toBeDefined();
});

it('a folder that cannot be written keeps sessions until the program ends', () => {
  const sessions = open();
  rmSync(file());
  rmSync(directory, { recursive: true, force: true });
  expect(sessions.sessionOf(loggedIn(sessions))).toBeDefined();
});
