import { describe, expect, test } from 'vitest';
import { alertRecord } from '../../../tests/contracts/alert-store-contract.ts';
import { AlertSettingsSchema, type Severity } from '../../contract/index.ts';
import { ChannelGate } from './channel-gate.ts';

const NOON = Date.UTC(2026, 0, 5, 12);
const NIGHT = Date.UTC(2026, 0, 5, 23);
const MORNING = Date.UTC(2026, 0, 6, 7);
const MINUTE = 60_000;

function gate(settings: object = {}, least: Severity = 'info') {
  return new ChannelGate({ ...AlertSettingsSchema.parse(settings), least });
}

const warning = (id: string, rule: 'venue' | 'data' = 'venue') => alertRecord(id, { rule });
const critical = (id: string) => alertRecord(id, { severity: 'critical', rule: 'unprotected' });
const info = (id: string) => alertRecord(id, { severity: 'info', rule: 'trade-closed' });
const NIGHTLY = { quietHours: { from: '22:00', to: '07:00', timeZone: 'UTC' } };

describe('debounce', () => {
  test('of a rule the first goes out at once, and what follows within 300 s goes out as one at their end', () => {
    const channel = gate();
    expect(channel.take(warning('a'), NOON).map(({ title }) => title)).toEqual(['title a']);
    expect(channel.take(warning('b'), NOON + 1_000)).toEqual([]);
    expect(channel.take(warning('c'), NOON + 299_999)).toEqual([]);
    expect(channel.waiting).toBe(2);
    expect(channel.step(NOON + 299_999)).toEqual([]);
    const [digest, ...more] = channel.step(NOON + 300_000);
    expect([digest?.kind, digest?.severity, digest?.title, more]).toEqual([
      'digest',
      'warning',
      '2 alerts of one kind',
      [],
    ]);
    expect(digest?.text).toMatch(/title b: message b\n.*title c: message c/);
    // A message has gone out: the next waits again.
    expect(channel.take(warning('d'), NOON + 300_001)).toEqual([]);
    expect(channel.step(NOON + 600_000).map(({ kind, title }) => [kind, title])).toEqual([
      ['alert', 'title d'],
    ]);
    expect(channel.step(NOON + 900_000)).toEqual([]);
    expect(channel.take(warning('e'), NOON + 900_001)).toHaveLength(1);
  });

  test('another rule waits for nobody', () => {
    const channel = gate();
    channel.take(warning('a'), NOON);
    expect(channel.take(warning('b', 'data'), NOON)).toHaveLength(1);
  });

  test('something else that is critical waits for nobody; the same does', () => {
    const channel = gate();
    expect(channel.take(critical('BTC'), NOON)).toHaveLength(1);
    expect(channel.take(critical('ETH'), NOON + 1)).toHaveLength(1);
    expect(channel.take(critical('BTC'), NOON + 2)).toEqual([]);
    expect(channel.step(NOON + 300_000)).toHaveLength(1);
  });

  test('none, where the setting is 0', () => {
    const channel = gate({ debounceSeconds: 0 });
    expect(channel.take(warning('a'), NOON)).toHaveLength(1);
    expect(channel.take(warning('b'), NOON)).toHaveLength(1);
  });
});

describe('quiet hours', () => {
  test('hold back everything but what is critical, and are followed by what was held', () => {
    const channel = gate(NIGHTLY);
    expect(channel.take(warning('a'), NIGHT)).toEqual([]);
    expect(channel.take(info('b'), NIGHT)).toEqual([]);
    expect(channel.take(critical('c'), NIGHT)).toHaveLength(1);
    expect(channel.step(MORNING - 1)).toEqual([]);
    const [digest] = channel.step(MORNING);
    expect([digest?.title, digest?.severity]).toEqual(['2 alerts from the quiet hours', 'warning']);
    expect(channel.waiting).toBe(0);
    expect(channel.step(MORNING + 1)).toEqual([]);
  });

  test('what waits for the end of its 300 s when they begin waits for their end', () => {
    const channel = gate(NIGHTLY);
    const before = Date.UTC(2026, 0, 5, 21, 58);
    channel.take(warning('a'), before);
    channel.take(warning('b'), before + 1);
    channel.take(critical('c'), before + 2);
    channel.take(critical('c'), before + 3);
    expect(channel.step(before + 300_003).map(({ severity }) => severity)).toEqual(['critical']);
    expect(channel.step(MORNING).map(({ title }) => title)).toEqual(['title b']);
  });
});

test('mere information is gathered for its digest, where there is one', () => {
  const channel = gate({ digestMinutes: 60 });
  channel.take(info('a'), NOON);
  channel.take(info('b'), NOON + 10 * MINUTE);
  expect(channel.take(warning('c'), NOON)).toHaveLength(1);
  expect(channel.step(NOON + 60 * MINUTE - 1)).toEqual([]);
  expect(channel.step(NOON + 60 * MINUTE).map(({ title }) => title)).toEqual([
    '2 alerts since the last digest',
  ]);
  expect(channel.step(NOON + 120 * MINUTE)).toEqual([]);
});

test('a digest waits for the end of the quiet hours', () => {
  const channel = gate({ ...NIGHTLY, digestMinutes: 1 });
  channel.take(info('a'), NIGHT);
  expect(channel.step(NIGHT + MINUTE)).toEqual([]);
  expect(channel.step(MORNING).map(({ title }) => title)).toEqual(['title a']);
});

test('a rule is turned off, or weighs something else', () => {
  const channel = gate({ rules: { venue: 'off', 'trade-closed': 'critical' } }, 'critical');
  expect(channel.take(warning('a'), NOON)).toEqual([]);
  expect(channel.take(info('b'), NOON).map(({ severity }) => severity)).toEqual(['critical']);
});

test('a channel gets nothing that weighs less than it is to get', () => {
  const channel = gate({}, 'warning');
  expect(channel.take(info('a'), NOON)).toEqual([]);
  expect(channel.take(warning('b'), NOON)).toHaveLength(1);
});

test('at the end of the program what waits is one message', () => {
  const channel = gate({ ...NIGHTLY, digestMinutes: 60 });
  expect(channel.empty()).toEqual([]);
  channel.take(warning('a'), NIGHT);
  channel.take(info('b'), NIGHT);
  expect(channel.empty().map(({ title }) => title)).toEqual(['2 alerts from before the program ended']);
  expect(channel.waiting).toBe(0);
});

test('of very many the newest are listed, and how many there were', () => {
  const channel = gate(NIGHTLY);
  for (let number = 0; number < 600; number += 1) channel.take(warning(`${number}`), NIGHT);
  const [digest] = channel.step(MORNING);
  expect(digest?.title).toBe('500 alerts from the quiet hours');
  expect(digest?.text).toMatch(/^\(480 earlier ones\)\n[\s\S]*title 599: message 599$/);
});
