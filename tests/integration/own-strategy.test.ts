import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { strategyFile } from '../../core/engine/index.ts';
import { RunningProgram, temporaryFolder, tradebot } from './program.ts';
import { waveCandles } from './wave-candles.ts';

let folder: ReturnType<typeof temporaryFolder>;
let directory: string;
beforeEach(() => {
  folder = temporaryFolder();
  directory = join(folder.path, 'data');
});
afterEach(() => folder.remove());

const command = (...args: readonly string[]) => tradebot('--data-dir', directory, ...args);

function save(name: string, decide: string): void {
  mkdirSync(join(directory, 'strategies'), { recursive: true });
  const facts = "describes: 'a test', everyHours: 1, historyDays: 2";
  writeFileSync(strategyFile(directory, name), `export default { ${facts}, decide(market) { ${decide} } };`);
}

function backtest(name: string, ...more: readonly string[]) {
  const candles = join(folder.path, 'candles.csv');
  writeFileSync(candles, waveCandles(2_400));
  const data = ['--data', candles, '--symbol', 'BTC/USDT', '--timeframe', '1h'];
  return command('backtest', ...data, '--strategy', name, '--json', ...more);
}

describe("a strategy of the trader's own, from the command line", () => {
  it('is made from its help text, checked, listed, and audited over history', () => {
    const made = command('strategy', 'new', 'mine');
    expect(made).toMatchObject({ exitCode: 0, stdout: `${strategyFile(directory, 'mine')}\n` });
    expect(readFileSync(strategyFile(directory, 'mine'), 'utf8')).toContain('tradebot strategy check mine');
    // What is there already is not written over.
    expect(command('strategy', 'new', 'mine')).toMatchObject({ exitCode: 2 });
    const checked = command('strategy', 'check', 'mine', '--json');
    expect(JSON.parse(checked.stdout)).toMatchObject({ name: 'mine', answers: 400, silent: 0 });
    const listed = JSON.parse(command('strategy', 'list', '--json').stdout) as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual(['trend', 'ensemble', 'rules', 'ml', 'mine']);
    const result = JSON.parse(backtest('mine').stdout);
    expect(result).toMatchObject({ strategy: 'mine', audit: { passed: true } });
    expect(result.fills).toBeGreaterThan(0);
  });

  it.each([
    ['loops for ever', 'for (;;);', 'too-long'],
    ['throws', "throw new Error('I give up');", 'I give up'],
    [
      'reads the next bar',
      "return { hold: market.close(-1) > 1 ? 1 : 0, stop: 0.1, reason: 'x' };",
      'the next bar',
    ],
  ])('one that %s is stopped and named, by the check and in a backtest', (_what, decide, words) => {
    save('bad', decide);
    const checked = command('strategy', 'check', 'bad');
    expect(checked.exitCode).toBe(2);
    expect(checked.stderr.trim().split('\n')).toHaveLength(1);
    if (words !== 'too-long') expect(checked.stderr).toContain(words);
    const result = JSON.parse(backtest('bad', '--no-audit').stdout);
    expect(result.reasons['strategy-failed']).toBeGreaterThan(2_000);
    expect(result.notes[0]).toContain(words);
    expect(result.fills).toBe(0);
  });

  it.each([
    [['strategy', 'new', 'trend'], 'trend comes with the program'],
    [['strategy', 'new', '../mine'], 'is no name for a strategy'],
    [['strategy', 'new', 'con'], 'no device of Windows'],
    [['strategy', 'new', 'lpt1'], 'no device of Windows'],
    [['strategy', 'check', 'none'], 'is not there'],
    [['backtest', '--data', 'candles.csv', '--strategy', 'none'], 'there is no strategy none'],
  ])('%j is refused in one line', (args, words) => {
    const { exitCode, stderr } = command(...args);
    expect(exitCode).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(words);
  });

  it('decides in a running program, as a rival beside another, and takes up a changed file', async () => {
    save('mine', "return { hold: 0.2, stop: 0.1, reason: 'the first file' };");
    save('other', "return { hold: 0, reason: 'never' };");
    const config = join(folder.path, 'settings.json');
    writeFileSync(
      config,
      JSON.stringify({
        strategy: { id: 'mine' },
        arena: { rivals: { beside: { strategy: 'other', agents: 'off' } } },
      }),
    );
    const flags = ['--mode', 'demo', '--timeframe', '1h', '--speed', '3600', '--config', config];
    const program = await RunningProgram.start(directory, ...flags);
    try {
      type Row = { readonly reasonCode: string; readonly reason: string; readonly proposedBy: string | null };
      const said = async (words: string): Promise<Row> => {
        for (;;) {
          const rows = (await program.call('decisions.list', { limit: 200 })) as readonly Row[];
          const found = rows.find(({ reason }) => reason.includes(words));
          if (found !== undefined) return found;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      expect(await said('the first file')).toMatchObject({ proposedBy: 'mine' });
      save('mine', "return { hold: 0, reason: 'the second file' };");
      expect(await said('the second file')).toMatchObject({ proposedBy: 'mine' });
      save('mine', "throw new Error('broken now');");
      expect(await said('broken now')).toMatchObject({ reasonCode: 'strategy-failed' });
      const status = (await program.get('status')) as {
        readonly conditions: readonly { readonly message: string }[];
      };
      expect(status.conditions.map(({ message }) => message).join()).toContain('broken now');
    } finally {
      await program.stop();
    }
  }, 60_000);
});
