import { describe, expect, test } from 'vitest';
import type { LogLine } from '../contract/index.ts';
import { LogTail } from './log-tail.ts';

const line = (message: string, change: Partial<LogLine> = {}): Omit<LogLine, 'sequence'> => ({
  ...{ time: 1, level: 'info', logger: 'engine', message, correlationId: null, symbol: null, tradeId: null },
  ...{ details: '', ...change },
});
const messages = (lines: readonly LogLine[]) => lines.map(({ message }) => message);

describe('LogTail', () => {
  test('gives the newest of the lines that are asked for, the newest last', () => {
    const tail = new LogTail();
    tail.add(line('one', { level: 'debug' }));
    tail.add(line('two', { logger: 'market', correlationId: 'a' }));
    tail.add(line('three', { level: 'error', details: '{"fault":"Full"}' }));
    tail.add(line('four', { level: 'warn', logger: 'market', correlationId: 'b' }));
    expect(messages(tail.list({ limit: 2 }))).toEqual(['three', 'four']);
    expect(messages(tail.list({ limit: 9, level: 'warn' }))).toEqual(['three', 'four']);
    expect(messages(tail.list({ limit: 9, logger: 'market' }))).toEqual(['two', 'four']);
    expect(messages(tail.list({ limit: 9, correlationId: 'a' }))).toEqual(['two']);
    expect(messages(tail.list({ limit: 9, search: 'full' }))).toEqual(['three']);
    expect(tail.loggers).toEqual(['engine', 'market']);
  });

  test('keeps so many lines and so much text, however much is said', () => {
    const few = new LogTail({ mostLines: 3 });
    for (let at = 1; at <= 10; at += 1) few.add(line(`line ${at}`));
    expect(messages(few.list({ limit: 99 }))).toEqual(['line 8', 'line 9', 'line 10']);
    expect(few.kept).toBe(3);
    expect(few.list({ limit: 1 })[0]?.sequence).toBe(10);
    const short = new LogTail({ mostCharacters: 5_000 });
    for (let at = 1; at <= 10; at += 1) short.add(line('x'.repeat(9_000), { details: 'y'.repeat(9_000) }));
    expect(short.kept).toBe(1);
    expect(short.list({ limit: 9 })[0]?.message).toHaveLength(2_001);
  });
});
