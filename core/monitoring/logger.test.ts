import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, type LogLevel } from './logger.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function everything(): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

function lines(): Record<string, unknown>[] {
  return everything()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Made up for this test; none of them opens anything. */
const CANARIES = {
  llm: `sk-${'Ab3'.repeat(10)}`,
  slack: 'xoxb-123456789012-abcdefGHIJ',
  venueKey: `Qz${'7aXbY'.repeat(12)}`,
  hex: 'deadbeef'.repeat(8),
  phrase: 'correct-horse-battery',
} as const;

describe('createLogger', () => {
  test('writes one JSON document a line, with the fields of its parents', () => {
    const log = createLogger({ folder });
    log
      .child({ decisionId: 'BTC/USDT@1h@1' })
      .child({ symbol: 'BTC/USDT' })
      .info({ side: 'buy' }, 'order\nplaced');
    log.close();
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      decisionId: 'BTC/USDT@1h@1',
      symbol: 'BTC/USDT',
      side: 'buy',
      message: 'order\nplaced',
      level: 'info',
      logger: 'engine',
      correlation_id: 'BTC/USDT@1h@1',
      pid: process.pid,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test('#35 lets no secret into any file, wherever it hides', () => {
    const log = createLogger({ folder, level: 'debug', maxBytes: 1_500, keep: 9 });
    const failure = new Error(`request failed with apiKey=${CANARIES.phrase}`, {
      cause: new Error(`GET https://user:${CANARIES.phrase}@example.org/?signature=${CANARIES.hex}`),
    });
    Object.assign(failure, { config: { headers: { authorization: `Bearer ${CANARIES.venueKey}` } } });
    log.error({ err: failure }, 'call failed');
    log.error({ ...failure, failure }, failure.message);
    log.info({ exchange: { apiKey: CANARIES.venueKey, secret: CANARIES.phrase } }, 'settings');
    log.warn({ list: [{ password: CANARIES.phrase }] }, `pasted ${CANARIES.llm} and ${CANARIES.slack}`);
    log.debug({ note: CANARIES.hex }, `"token": "${CANARIES.phrase}"`);
    log.child({ cookie: CANARIES.phrase }).info({}, `X-MBX-APIKEY=${CANARIES.venueKey}`);
    log.child({ nested: new Map([['hmac', CANARIES.phrase]]) }).info({}, 'a map');
    log.close();
    expect(lines()).toHaveLength(7);
    const written = everything();
    for (const [name, canary] of Object.entries(CANARIES)) expect(written, name).not.toContain(canary);
  });

  test('a line has each field once, whatever is logged with it', () => {
    const log = createLogger({ folder });
    const child = log.child({ logger: 'trading', symbol: 'BTC/USDT' }).child({ logger: 'execution' });
    child.warn(
      { tradeId: '17', level: 9, message: 'mine', timestamp: 0, pid: 1, symbol: 'ETH/USDT' },
      'filled',
    );
    log.close();
    const [line] = everything().trim().split('\n');
    const { timestamp, ...told } = JSON.parse(line ?? '') as Record<string, unknown>;
    expect(timestamp).toMatch(/^\d{4}-/);
    expect(told).toEqual({
      ...{ level: 'warn', pid: process.pid, logger: 'execution', symbol: 'ETH/USDT', message: 'filled' },
      ...{ tradeId: '17', trade_id: '17', level_: 9, message_: 'mine', timestamp_: 0, pid_: 1 },
    });
    const names = [...(line ?? '').matchAll(/"(\w+)":/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('whoever looks on sees the last lines, without secrets and without the inside of the program', () => {
    const log = createLogger({ folder });
    const failure = new Error(`apiKey=${CANARIES.phrase}`);
    log
      .child({ logger: 'market' })
      .error({ err: failure, correlation_id: 'a1', symbol: 'BTC/USDT' }, 'broke');
    log.info(
      { note: `${'x'.repeat(1_990)} token=${CANARIES.phrase}` },
      `${'y'.repeat(1_990)} ${CANARIES.llm}`,
    );
    const [first, second] = log.tail.list({ limit: 10 });
    expect(first).toMatchObject({
      logger: 'market',
      correlationId: 'a1',
      symbol: 'BTC/USDT',
      message: 'broke',
    });
    expect(first?.details).toContain('apiKey=[redacted]');
    expect(first?.details).not.toContain('logger.test.ts');
    // Cut in the middle of where a secret stood: nothing of it is left.
    expect(second?.message.length).toBeLessThan(2_010);
    for (const part of ['correct', 'Ab3', 'sk-']) expect(JSON.stringify([first, second])).not.toContain(part);
    log.close();
  });

  test('a destination that breaks does not stop what was to be logged', () => {
    const log = createLogger({
      folder,
      destination: {
        write: () => {
          throw new Error('gone');
        },
      },
    });
    log.info({}, 'still here');
    log.close();
    expect(lines()).toMatchObject([{ message: 'still here' }]);
  });

  test('keeps what is needed to follow an order', () => {
    const log = createLogger({ folder });
    log.info({ clientOrderId: 'demoBTC0a1b2c3d4000lq8z9k0n0', price: '65000.12' }, 'sent');
    log.close();
    expect(everything()).toContain('demoBTC0a1b2c3d4000lq8z9k0n0');
  });

  test.each<[LogLevel, number]>([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ])('at level %s writes %i of four lines, and looks at no field of the others', (level, expected) => {
    let looked = 0;
    const fields = {
      get costly() {
        looked += 1;
        return 'seen';
      },
    };
    const log = createLogger({ folder, level });
    log.debug(fields, 'd');
    log.info(fields, 'i');
    log.warn(fields, 'w');
    log.error(fields, 'e');
    log.close();
    expect(lines()).toHaveLength(expected);
    expect(looked).toBe(expected);
  });

  test('a destination gets the same lines', () => {
    const seen: string[] = [];
    const log = createLogger({ folder, destination: { write: (line) => seen.push(line) } });
    log.info({ token: CANARIES.phrase }, 'hello');
    log.close();
    expect(seen.join('')).toBe(everything());
    expect(seen.join('')).not.toContain(CANARIES.phrase);
  });

  test('fields that cannot be read do not keep the message from the log', () => {
    const log = createLogger({ folder });
    const hostile = {
      get a() {
        throw new Error('no');
      },
    };
    log.error(hostile, 'it happened');
    log.close();
    expect(lines()[0]).toMatchObject({ fields: '[unreadable]', message: 'it happened' });
  });

  test('rotates full files and keeps only so many', () => {
    const log = createLogger({ folder, maxBytes: 2_000, keep: 2 });
    for (let line = 0; line < 100; line += 1) log.info({ line }, 'x'.repeat(100));
    log.close();
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['tradebot.1.log', 'tradebot.2.log', 'tradebot.log']);
    for (const name of names) {
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(2_000);
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
    expect(readFileSync(join(folder, 'tradebot.log'), 'utf8')).toContain('"line":99');
  });

  test('goes on where an earlier run stopped, for its owner only', () => {
    const file = join(folder, 'tradebot.log');
    writeFileSync(file, '{"message":"earlier"}\n', { mode: 0o644 });
    const log = createLogger({ folder });
    log.info({}, 'later');
    log.close();
    expect(lines().map(({ message }) => message)).toEqual(['earlier', 'later']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('logging to a closed log throws nothing and is counted', () => {
    const log = createLogger({ folder, name: 'cli' });
    log.info({}, 'kept');
    log.close();
    log.close();
    log.info({}, 'lost');
    expect(log.lostLines).toBe(1);
    expect(readdirSync(folder)).toEqual(['cli.log']);
  });
});
