import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

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

/** Made up for this test; none of them opens anything. */
const CANARIES = {
  llm: `sk-${'Ab3'.repeat(10)}`,
  slack: 'xoxb-123456789012-abcdefGHIJ',
  venueKey: `Qz${'7aXbY'.repeat(12)}`,
  hex: 'deadbeef'.repeat(8),
  phrase: 'correct-horse-battery',
} as const;

describe('createLogger', () => {
  it('writes one JSON document a line, with the fields of its parents', () => {
    const log = createLogger({ folder });
    log.child({ decisionId: 'BTC/USDT@1h@1' }).info({ side: 'buy' }, 'order placed');
    log.close();
    expect(JSON.parse(everything().trim())).toMatchObject({
      decisionId: 'BTC/USDT@1h@1',
      side: 'buy',
      msg: 'order placed',
    });
  });

  it('lets no secret into any file, wherever it hides (lesson 35)', () => {
    const log = createLogger({ folder, level: 'debug' });
    const failure = new Error(`request failed with apiKey=${CANARIES.phrase}`, {
      cause: new Error(`GET https://user:${CANARIES.phrase}@example.org/?signature=${CANARIES.hex}`),
    });
    Object.assign(failure, { config: { headers: { authorization: `Bearer ${CANARIES.venueKey}` } } });
    log.error({ err: failure }, 'call failed');
    log.info({ exchange: { apiKey: CANARIES.venueKey, secret: CANARIES.phrase } }, 'settings');
    log.warn({ list: [{ password: CANARIES.phrase }] }, `pasted ${CANARIES.llm} and ${CANARIES.slack}`);
    log.debug({ note: CANARIES.hex }, `"token": "${CANARIES.phrase}"`);
    log.child({ cookie: CANARIES.phrase }).info({}, `X-MBX-APIKEY=${CANARIES.venueKey}`);
    log.close();
    const written = everything();
    expect(written.split('\n').filter(Boolean)).toHaveLength(5);
    for (const [name, canary] of Object.entries(CANARIES)) expect(written, name).not.toContain(canary);
  });

  it('keeps what is needed to follow an order', () => {
    const log = createLogger({ folder });
    log.info({ clientOrderId: 'demoBTC0a1b2c3d4000lq8z9k0n0', price: '65000.12' }, 'sent');
    log.close();
    expect(everything()).toContain('demoBTC0a1b2c3d4000lq8z9k0n0');
  });

  it('rotates full files and keeps only so many', () => {
    const log = createLogger({ folder, maxBytes: 2_000, keep: 2 });
    for (let line = 0; line < 100; line += 1) log.info({ line }, 'x'.repeat(100));
    log.close();
    const names = readdirSync(folder).sort();
    expect(names).toEqual(['tradebot.1.log', 'tradebot.2.log', 'tradebot.log']);
    for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(2_000);
    expect(readFileSync(join(folder, 'tradebot.log'), 'utf8')).toContain('"line":99');
  });

  it('is readable by its owner only', () => {
    const log = createLogger({ folder });
    log.info({}, 'hello');
    log.close();
    expect(statSync(join(folder, 'tradebot.log')).mode & 0o777).toBe(0o600);
  });
});
