import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../domain/index.ts';
import { killSignature, signedTime } from './signature.ts';
import { SignedRequests } from './signed-requests.ts';

const SECRET = 'a secret of thirty-two characters';
const NOON = 1_704_110_400_000;
const FOLDER = 'kill-switch-signatures';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signed-requests-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const requests = (now = NOON) =>
  new SignedRequests({ directory, secret: SECRET, clock: new ManualClock(now) });

function signed(time = NOON, action: 'activate' | 'deactivate' = 'activate') {
  return { timestamp: String(time), signature: killSignature(SECRET, action, time) };
}

it('the signature is the hexadecimal HMAC-SHA256 of action and time', () => {
  const due = createHmac('sha256', SECRET).update(`activate:${NOON}`).digest('hex');
  expect(killSignature(SECRET, 'activate', NOON)).toBe(due);
  expect(signedTime(SECRET, 'activate', { timestamp: String(NOON), signature: due })).toBe(NOON);
});

describe('a request that is not let in', () => {
  const { timestamp, signature } = signed();
  it.each<[string, { timestamp: unknown; signature: unknown }]>([
    [
      'with a wrong signature',
      { timestamp, signature: signature.replace(/^./, (c) => (c === '0' ? '1' : '0')) },
    ],
    ['signed with another secret', { timestamp, signature: killSignature('another', 'activate', NOON) }],
    ['signed for another action', signed(NOON, 'deactivate')],
    ['signed for another time', { timestamp: String(NOON + 1), signature }],
    ['that is 30.001 s old', signed(NOON - 30_001)],
    ['that is 30.001 s of the future', signed(NOON + 30_001)],
    ['without a signature', { timestamp, signature: undefined }],
    ['without a time', { timestamp: undefined, signature }],
    ['with two signatures', { timestamp, signature: [signature, signature] }],
    ['with a signature in capitals', { timestamp, signature: signature.toUpperCase() }],
    ['with a signature that is too short', { timestamp, signature: signature.slice(1) }],
    ['with a signature that goes on', { timestamp, signature: `${signature}0` }],
    ['with a signature that is no hexadecimal number', { timestamp, signature: 'é'.repeat(64) }],
    ['with a time in seconds', signed(NOON / 1_000)],
    ['with a time that has another writing', { timestamp: `0${NOON}`, signature }],
    ['with a time that is none', { timestamp: '1e12', signature }],
    ['with a line break in the time', { timestamp: `${NOON}\n`, signature }],
  ])('%s', (_name, headers) => {
    expect(requests().admit('activate', headers)).toBe('refused');
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('a signature', () => {
  it.each([NOON - 30_000, NOON, NOON + 30_000])('of %d is let in at noon', (time) => {
    expect(requests().admit('activate', signed(time))).toBe('accepted');
  });

  it('is let in once', () => {
    const admitting = requests();
    expect(admitting.admit('activate', signed())).toBe('accepted');
    expect(admitting.admit('activate', signed())).toBe('refused');
    expect(admitting.admit('deactivate', signed(NOON, 'deactivate'))).toBe('accepted');
    expect(admitting.admit('activate', signed(NOON + 1))).toBe('accepted');
  });

  it('is let in once over a restart, and over two listeners', () => {
    const [one, other] = [requests(), requests()];
    expect(one.admit('activate', signed())).toBe('accepted');
    expect(one.flush()).toBe(true);
    expect(other.admit('activate', signed())).toBe('refused');
    expect(requests().admit('activate', signed())).toBe('refused');
  });

  it('that cannot be noted as used is let in once by this process, and told apart', () => {
    // A file in the folder's place: nothing can be written there, as on a full disk.
    writeFileSync(join(directory, FOLDER), '');
    const admitting = requests();
    expect(admitting.flush()).toBe(false);
    expect(admitting.admit('activate', signed())).toBe('unnoted');
    expect(admitting.admit('activate', signed())).toBe('refused');
  });

  it('that was used long ago is forgotten, the thousand before stay', () => {
    mkdirSync(join(directory, FOLDER));
    for (let number = 0; number < 1_010; number += 1)
      writeFileSync(join(directory, FOLDER, `${NOON + number}-activate`), '');
    const admitting = requests(NOON + 1_000);
    expect(readdirSync(join(directory, FOLDER))).toHaveLength(1_000);
    expect(admitting.admit('activate', signed(NOON + 10))).toBe('refused');
  });
});
