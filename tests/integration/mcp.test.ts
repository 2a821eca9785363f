import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningProgram, temporaryFolder } from './program.ts';
import { waveCandles } from './wave-candles.ts';

/** The official SDK's client at `tradebot mcp`, beside a program that runs. */

const TRADEBOT = join(import.meta.dirname, '..', '..', 'scripts', 'tradebot.mjs');
const folder = temporaryFolder();
const idle = temporaryFolder();
let program: RunningProgram;
let client: Client;
beforeAll(async () => {
  program = await RunningProgram.start(folder.path, '--mode', 'demo', '--speed', '600');
  client = await connect(folder.path);
});
afterAll(async () => {
  await client.close();
  await program.stop();
  folder.remove();
  idle.remove();
});

async function connect(directory: string, ...flags: readonly string[]): Promise<Client> {
  const opened = new Client({ name: 'a test', version: '1' });
  const args = [TRADEBOT, '--data-dir', directory, 'mcp', ...flags];
  await opened.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  return opened;
}

interface Answer {
  readonly isError: boolean;
  readonly text: string;
}

async function use(name: string, input: Record<string, unknown> = {}, by = client): Promise<Answer> {
  const { isError = false, content } = await by.callTool({ name, arguments: input });
  const [first] = content as { text: string }[];
  return { isError: isError === true, text: first?.text ?? '' };
}

async function names(of: Client): Promise<readonly string[]> {
  return (await of.listTools()).tools.map(({ name }) => name);
}

describe('an assistant', () => {
  it('is offered what reads, and nothing that trades or stops', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...['status', 'portfolio', 'positions', 'orders', 'trades', 'trade_totals', 'decisions', 'decision'],
      ...['metrics', 'safety', 'models', 'candles', 'settings', 'backtest', 'doctor'],
    ]);
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
  });

  it('gets an answer from every tool', async () => {
    const candles = join(folder.path, 'BTC-USDT-1h.csv');
    writeFileSync(candles, waveCandles(1_500));
    await expect
      .poll(async () => (await use('decisions')).text.length, { timeout: 60_000 })
      .toBeGreaterThan(2);
    const [{ id } = { id: '' }] = JSON.parse((await use('decisions', { limit: 1 })).text) as { id: string }[];
    const inputs: Readonly<Record<string, Record<string, unknown>>> = {
      decision: { id },
      candles: { symbol: 'BTC/USDT', limit: 5 },
      backtest: { data: candles, symbol: 'BTC/USDT', timeframe: '1h', strategy: 'rules' },
    };
    for (const name of await names(client)) {
      const { isError, text } = await use(name, inputs[name]);
      expect([name, isError]).toEqual([name, false]);
      expect(() => JSON.parse(text)).not.toThrow();
    }
    expect(JSON.parse((await use('status')).text)).toMatchObject({ mode: 'demo' });
  });

  it.each([
    ['an unknown tool', 'trade', {}, 'there is no tool trade'],
    ['a stop that was not allowed', 'kill', {}, 'there is no tool kill'],
    ['a bad parameter', 'orders', { limit: 0 }, 'limit'],
    ['an unknown parameter', 'status', { colour: 'red' }, 'unknown key'],
    ['a file that is not there', 'backtest', { data: '/nowhere.csv' }, 'nowhere.csv'],
    ['a flag in a parameter', 'backtest', { data: 'x', from: '--json' }, 'from'],
  ])('is told in words of %s', async (_fault, name, input, words) => {
    const { isError, text } = await use(name, input);
    expect([isError, text]).toEqual([true, expect.stringContaining(words)]);
  });

  it('is told that no program runs', async () => {
    const other = await connect(idle.path);
    expect(await use('status', {}, other)).toEqual({
      isError: true,
      text: expect.stringContaining('does not run'),
    });
    await other.close();
  });
});

it('a trader who allows it lets an assistant pause and kill', async () => {
  const trusted = await connect(folder.path, '--allow', 'pause,kill');
  expect((await names(trusted)).slice(-2)).toEqual(['pause', 'kill']);
  expect((await use('pause', { reason: 'news' }, trusted)).isError).toBe(false);
  expect(await program.call('status.get', {})).toMatchObject({ trading: 'paused' });
  expect((await use('kill', {}, trusted)).isError).toBe(false);
  expect(await program.call('status.get', {})).toMatchObject({ killSwitch: { engaged: true } });
  await trusted.close();
});
