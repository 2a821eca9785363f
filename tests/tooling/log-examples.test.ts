import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../../core/monitoring/index.ts';

/** The examples of docs/logs.md, on lines as the program writes them. Where there is no jq their fields are looked up. */

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/logs.md'), 'utf8');
const EXAMPLES = [...DOCUMENT.matchAll(/```jq\n([\s\S]*?)\n```/g)].map(([, program = '']) => program);
const HAS_JQ = spawnSync('jq', ['--version']).status === 0;

let folder: string;
let lines: Record<string, unknown>[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-jq-'));
  const log = createLogger({ folder });
  const trading = log.child({ logger: 'trading' });
  const symbol = 'BTC/USDT';
  const decisionId = 'BTC/USDT@1h@1736883300000';
  const clientOrderId = 'demoBTC0a1b2c3d4000lq8z9k0n0';
  trading.info({ decisionId, symbol, outcome: 'traded', reasonCode: 'entry' }, 'traded: BUY');
  trading.info({ symbol, clientOrderId, decisionId, purpose: 'entry', status: 'FILLED' }, 'order FILLED');
  trading.info(
    { symbol, side: 'buy', clientOrderId, tradeId: '17', amount: '0.1', price: '65000' },
    'filled',
  );
  trading.info({ symbol: 'ETH/USDT', outcome: 'blocked', reasonCode: 'cost-gate' }, 'blocked: too dear');
  log.child({ logger: 'market' }).warn({ symbol }, 'the stream has gone deaf');
  log.child({ logger: 'mirror' }).error({}, 'the server is down');
  log.close();
  const written = readFileSync(join(folder, 'tradebot.log'), 'utf8');
  lines = written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the jq examples', () => {
  test('there are some', () => expect(EXAMPLES.length).toBeGreaterThanOrEqual(6));

  test.each(EXAMPLES)('%s asks for fields that lines have', (program) => {
    const named = [...program.matchAll(/(?<![\w\]])\.([A-Za-z_]\w*)/g)].map(([, name]) => name ?? '');
    const known = new Set(lines.flatMap((line) => Object.keys(line)));
    const fields = named.filter((name) => name !== 'log');
    expect(fields.length).toBeGreaterThan(0);
    for (const name of fields) expect(known, name).toContain(name);
  });

  test.skipIf(!HAS_JQ).each(EXAMPLES)('%s prints something', (program) => {
    const flag = /^# jq (-\w+) -f FILE tradebot\.log$/m.exec(program)?.[1] ?? 'none is named';
    writeFileSync(join(folder, 'example.jq'), program);
    const { status, stdout, stderr } = spawnSync('jq', [flag, '-f', 'example.jq', 'tradebot.log'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trim()).not.toBe('');
  });
});

test('the table of docs/logs.md names every part that writes', () => {
  const names = [...DOCUMENT.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name);
  const sources = [
    'engine/wire-tradebot.ts',
    'engine/tradebot.ts',
    'cli/commands/run.ts',
    'monitoring/logger.ts',
  ];
  const written = sources
    .map((file) => readFileSync(join(import.meta.dirname, '../../core', file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/logger: '([a-z-]+)'/g)].map(([, name]) => name));
  expect(written.length).toBeGreaterThan(5);
  for (const name of written) expect(names).toContain(name);
});
