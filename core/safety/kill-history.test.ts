import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KillActivation } from '../contract/index.ts';
import { SILENT_LOGGER } from '../domain/index.ts';
import { HISTORY_FILE, KillHistory } from './index.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kill-history-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = (): string => join(directory, HISTORY_FILE);

function activation(id: string, given: Partial<KillActivation> = {}): KillActivation {
  return {
    id,
    at: 1,
    by: 'the trader',
    from: 'button',
    reason: 'pressed',
    durable: true,
    steps: [{ step: 'latched', afterMs: 0.4 }],
    outcome: 'latched',
    venue: 'simulated',
    symbols: [],
    outside: [],
    mode: 'sandbox',
    failures: [],
    again: [],
    resetAt: null,
    ...given,
  };
}

function opened(mostBytes?: number) {
  const complaints: string[] = [];
  const log = { ...SILENT_LOGGER, warn: (_fields: object, message: string) => void complaints.push(message) };
  const history = new KillHistory({ directory, log, ...(mostBytes === undefined ? {} : { mostBytes }) });
  return { history, complaints, ids: () => history.list().map(({ id }) => id) };
}

describe('the history of the kill switch', () => {
  test('is empty before the first time', () => {
    expect(opened()).toMatchObject({ complaints: [] });
    expect(opened().ids()).toEqual([]);
  });

  test('is there after a restart, newest first, each activation as it was told last', () => {
    const { history } = opened();
    history.note(activation('a'));
    history.note(activation('b'));
    history.note(activation('a', { outcome: 'flat', steps: [{ step: 'flat', afterMs: 812 }] }));
    const known = opened().history.list();
    expect(known.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['b', 'latched'],
      ['a', 'flat'],
    ]);
    expect(history.list()).toEqual(known);
  });

  test('only its owner can read it', () => {
    opened().history.note(activation('a'));
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  test('half a line from a crash costs that line, and no other', () => {
    const { history } = opened();
    history.note(activation('a'));
    appendFileSync(path(), '{"id":"b","at":');
    const { history: next, ids } = opened();
    next.note(activation('c'));
    expect(ids()).toEqual(['c', 'a']);
    expect(opened().ids()).toEqual(['c', 'a']);
  });

  test('keeps a hundred activations, and its file stays below its bound', () => {
    const { history } = opened(40_000);
    for (let number = 0; number < 250; number += 1) history.note(activation(String(number)));
    expect(statSync(path()).size).toBeLessThanOrEqual(40_000);
    expect(opened().ids()).toEqual(Array.from({ length: 100 }, (_, index) => String(249 - index)));
  });

  test('keeps so many lines of one activation', () => {
    const many = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    opened().history.note(activation('a', { failures: many }));
    expect(opened().history.list()[0]?.failures).toHaveLength(50);
  });

  test('a file that something else has filled is read from its end', () => {
    writeFileSync(path(), Buffer.alloc(6_000_000, 'x'));
    appendFileSync(path(), `\n${JSON.stringify(activation('a'))}\n`);
    expect(opened().ids()).toEqual(['a']);
  });

  test('what is no file is told, and what happens from then on is known until the end', () => {
    mkdirSync(path());
    const { history, complaints, ids } = opened();
    history.note(activation('a'));
    expect(ids()).toEqual(['a']);
    expect(complaints).toEqual([
      expect.stringContaining('cannot be read'),
      expect.stringContaining('could not be written'),
    ]);
  });

  test('what a full disk did not take is written when there is room again', () => {
    // A folder in the file's place refuses writes as a full disk does.
    const { history } = opened();
    mkdirSync(path());
    history.note(activation('a'));
    history.note(activation('a', { outcome: 'flat' }));
    rmSync(path(), { recursive: true });
    history.retry();
    history.retry();
    const lines = readFileSync(path(), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    expect(lines).toHaveLength(1);
    expect(opened().history.list()).toMatchObject([{ id: 'a', outcome: 'flat' }]);
  });

  test('has what another process adds while this one runs, and keeps it', () => {
    const program = opened();
    program.history.note(activation('a'));
    const closed = {
      ...{ mode: 'sandbox' as const, venue: 'binance', symbol: 'BTC/USDT' },
      ...{ before: '0.5, 2 orders', after: 'flat' },
    };
    opened().history.note(activation('a', { outcome: 'flat', outside: [closed] }));
    opened().history.note(activation('b'));
    expect(program.ids()).toEqual(['b', 'a']);
    expect(program.history.list()[1]).toMatchObject({ outcome: 'flat', outside: [closed] });
    // Of a program that hung: it goes on where it was, and has never heard of it.
    program.history.note(activation('a', { outcome: 'flat', failures: ['x'] }));
    const after = opened().history.list()[1];
    expect(after).toMatchObject({ failures: ['x'], outside: [closed] });
  });

  test('has every press once, in order, whoever noted it', () => {
    const press = (at: number | null, from: KillActivation['from']) => {
      return { at, from, by: 'the trader', reason: 'pressed' };
    };
    const program = opened();
    program.history.note(activation('a', { again: [press(5, 'tray')] }));
    opened().history.note(activation('a', { again: [press(5, 'tray'), press(4, 'command-line')] }));
    program.history.note(activation('a', { again: [press(5, 'tray'), press(6, 'button')] }));
    opened().history.note(activation('a', { again: [press(null, 'api')] }));
    const froms = opened()
      .history.list()[0]
      ?.again.map(({ from }) => from);
    expect(froms).toEqual(['api', 'command-line', 'tray', 'button']);
  });

  test('reads lines of a version that noted nothing from outside', () => {
    const { outside: _outside, ...before } = activation('a');
    writeFileSync(path(), `${JSON.stringify(before)}\n`);
    expect(opened().history.list()).toEqual([activation('a')]);
  });
});
