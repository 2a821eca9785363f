import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStores } from '../../core/engine/index.ts';
import { intentOf } from '../contracts/builders.ts';
import { RunningProgram, temporaryFolder, tradebot } from './program.ts';
import { waveCandles } from './wave-candles.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

const HEADER = 'timestamp_ms,open,high,low,close,volume';
const HOUR = 3_600_000;

function row(hour: number, ...cells: readonly (number | string)[]): string {
  return [1_700_000_000_000 - (1_700_000_000_000 % HOUR) + hour * HOUR, ...cells].join(',');
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

function backtest(file: string, ...more: readonly string[]) {
  return tradebot('backtest', '--data', file, '--symbol', 'BTC/USDT', '--timeframe', '1h', ...more);
}

/** One clear line, no stack trace, exit code 2. */
function expectOneLine(result: ReturnType<typeof tradebot>, ...words: readonly string[]): void {
  const lines = result.stderr.trim().split('\n');
  expect(lines, result.stderr).toHaveLength(1);
  for (const word of words) expect(lines[0]).toContain(word);
  expect(result.stdout).toBe('');
  expect(result.exitCode).toBe(2);
}

describe('a candle file that cannot be used', () => {
  const good = row(0, 1, 2, 0.5, 1.5, 10);
  it.each([
    ['empty.csv', '', ['empty']],
    ['header-only.csv', `${HEADER}\n`, ['header-only.csv']],
    ['nan.csv', `${HEADER}\n${good}\n${row(1, 1, 2, 0.5, 'NaN', 10)}\n`, ['nan.csv', '3']],
    ['word.csv', `${HEADER}\n${good}\n${row(1, 'one', 2, 0.5, 1, 10)}\n`, ['word.csv', '3', 'one']],
    ['short-row.csv', `${HEADER}\n${good}\n${row(1, 1, 2)}\n`, ['short-row.csv', '3']],
    ['unordered.csv', `${HEADER}\n${row(5, 1, 2, 0.5, 1.5, 10)}\n${good}\n`, ['unordered.csv', '3']],
    [
      'high-below-low.csv',
      `${HEADER}\n${good}\n${row(1, 1, 0.4, 0.5, 0.45, 10)}\n`,
      ['high-below-low.csv', '3'],
    ],
    ['columns.csv', 'a,b,c\n1,2,3\n', ['columns.csv']],
    ['picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]), ['picture.csv']],
    ['cut.csv.gz', gzipSync(waveCandles(50)).subarray(0, 300), ['cut.csv.gz']],
    ['broken.json', '[[1,2,3,', ['broken.json']],
  ])('%s is refused with one line that says where and what', (name, content, words) => {
    expectOneLine(backtest(write(name, content)), ...words);
  });

  it('that is not there, or is a folder, is refused', () => {
    expectOneLine(backtest(join(folder.path, 'nowhere.csv')), 'nowhere.csv');
    expectOneLine(backtest(folder.path), 'folder');
  });
});

describe('a command that asks for something unknown', () => {
  it.each([
    [['run', '--mode', 'dream'], ['settings.mode']],
    [['run', '--timeframe', '7h'], ['settings.timeframe']],
    [['run', '--symbol', 'bitcoin'], ['settings.symbols']],
    [['backtest', '--data', 'x.csv', '--agents', 'everybody'], ['--agents']],
    [
      ['run', '--symbol', 'BTC/USD:BTC'],
      ['settings.symbols.0', 'inverse'],
    ],
    [
      ['run', '--symbol', 'BTC/USDT', 'ETH/BTC'],
      ['settings.symbols.1', 'one quote currency'],
    ],
    [['data', 'import', 'x.csv', '--symbol', 'btc/usdt'], ['--symbol btc/usdt: use BTC/USDT']],
    [['config', 'get', 'safety.nothing'], ['safety.nothing']],
  ])('%j gets one line and exit code 2', (args, words) => {
    expectOneLine(tradebot(...args, '--data-dir', folder.path), ...words);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each([[['trade']], [['run', '--port', 'many']], [['backtest']], [['run', '--speed', '-1']]])(
    '%j is refused with a hint to the help',
    (args) => {
      const result = tradebot(...args);
      expect(result.exitCode).toBe(2);
      expect(result.stderr).not.toContain('    at ');
      expect(result.stdout).toBe('');
    },
  );

  it('every command has help', () => {
    for (const command of [
      'run',
      'backtest',
      'data',
      'config',
      'kill',
      'resume',
      'lock',
      'unlock',
      'arm',
      'status',
      'trades',
      'performance',
      'decisions',
    ]) {
      const { exitCode, stdout } = tradebot(command, '--help');
      expect(exitCode, command).toBe(0);
      expect(stdout).toContain('Usage: tradebot');
    }
  });
});

describe('a settings file', () => {
  it('with faults has all of them listed at once, with their paths', () => {
    const file = write(
      'bad.json',
      JSON.stringify({ mode: 'dream', safty: {}, safety: { maxPositions: 0, riskPerTrade: 'lots' } }),
    );
    const { exitCode, stderr } = tradebot('--config', file, 'config', 'validate');
    expect(exitCode).toBe(2);
    const lines = stderr.trim().split('\n');
    expect(lines).toHaveLength(4);
    for (const path of [
      'settings.mode',
      'settings.safty',
      'settings.safety.maxPositions',
      'settings.safety.riskPerTrade',
    ]) {
      expect(
        lines.some((line) => line.includes(path)),
        path,
      ).toBe(true);
    }
  });

  it.each([
    ['not JSON', 'bad.json', '{ mode: demo }', 'not JSON'],
    ['not an object', 'list.json', '[]', 'object'],
  ])('that is %s is refused', (_, name, content, word) => {
    expectOneLine(tradebot('--config', write(name, content), 'config', 'validate'), word);
  });

  it('that is not there is refused', () => {
    expectOneLine(
      tradebot('--config', join(folder.path, 'none.json'), 'config', 'validate'),
      'does not exist',
    );
  });

  it('that is right is valid, and shows in what is in force', () => {
    const file = write('good.json', JSON.stringify({ safety: { maxPositions: 3 } }));
    expect(tradebot('--config', file, 'config', 'validate')).toMatchObject({ exitCode: 0 });
    expect(tradebot('--config', file, 'config', 'get', 'safety.maxPositions').stdout.trim()).toBe('3');
  });
});

describe('a data directory', () => {
  it('that another engine holds is refused, and the other goes on', async () => {
    const program = await RunningProgram.start(folder.path);
    try {
      expectOneLine(
        tradebot('run', '--headless', '--no-open', '--port', '0', '--data-dir', folder.path),
        'in use',
      );
      expect(await program.get('status')).toMatchObject({ trading: 'running' });
    } finally {
      await program.stop();
    }
  });

  it('of a newer version is refused and left alone', () => {
    write('layout-version', '999\n');
    expectOneLine(
      tradebot('run', '--headless', '--no-open', '--port', '0', '--data-dir', folder.path),
      'newer version',
    );
    expect(readdirSync(folder.path)).toEqual(['layout-version']);
  });

  // The super-user may write anywhere.
  it.skipIf(process.getuid?.() === 0)('that cannot be written is refused', () => {
    const path = join(folder.path, 'read-only');
    mkdirSync(path);
    chmodSync(path, 0o500);
    expectOneLine(
      tradebot('run', '--headless', '--no-open', '--port', '0', '--data-dir', path),
      'cannot be written',
    );
  });

  it('whose place is taken by a file is refused', () => {
    const path = write('file', 'x');
    expectOneLine(tradebot('run', '--headless', '--no-open', '--port', '0', '--data-dir', path), 'file');
  });

  it('whose database is damaged is refused, and the file is left as it is', () => {
    write(
      'demo.sqlite',
      'this is no database, whatever its name says, and it is long enough to be read as one'.repeat(20),
    );
    expectOneLine(
      tradebot('run', '--headless', '--no-open', '--port', '0', '--data-dir', folder.path),
      'demo.sqlite',
    );
  });
});

describe('an account', () => {
  it('that has traded in one quote currency does not go on in another', () => {
    const stores = openStores(folder.path, 'demo');
    stores.ledger.appendIntent(intentOf('earlier', { symbol: 'ETH/USDT' }));
    stores.close();
    expectOneLine(
      tradebot('run', '--no-open', '--port', '0', '--symbol', 'BTC/EUR', '--data-dir', folder.path),
      'BTC/EUR is counted in EUR and ETH/USDT in USDT',
    );
  });

  it('of perpetuals is told at the start what the simulation leaves out', async () => {
    const program = await RunningProgram.start(folder.path, '--symbol', 'BTC/USDT:USDT');
    await program.stop();
    const logs = join(folder.path, 'logs');
    const log = readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8'));
    expect(log.join('')).toContain('perpetuals are simulated without funding and liquidation');
  });
});

describe('a port in use', () => {
  it('is one clear line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      expectOneLine(
        tradebot('run', '--headless', '--no-open', '--port', String(port), '--data-dir', folder.path),
        String(port),
        'in use',
      );
    } finally {
      other.close();
    }
  });
});

describe('a backtest', () => {
  it('prints one JSON document with everything that was promised, the same each time and everywhere', () => {
    const file = write('wave.csv', waveCandles(3_000));
    const first = backtest(file, '--json', '--data-dir', join(folder.path, 'a'));
    const second = backtest(file, '--json', '--data-dir', join(folder.path, 'b'));
    expect(first.exitCode).toBe(0);
    const result = JSON.parse(first.stdout) as Record<string, unknown>;
    for (const key of [
      'bars',
      'decisions',
      'trades',
      'netProfitPct',
      'fees',
      'sharpe',
      'sortino',
      'maxDrawdownPct',
      'winRate',
      'baselines',
      'audit',
      'resultHash',
      'seconds',
      'barsPerSecond',
    ]) {
      expect(result, key).toHaveProperty(key);
    }
    expect(result).toMatchObject({ bars: 3_000, decisions: 3_000, audit: { passed: true } });
    expect(Number(result['trades'])).toBeGreaterThan(0);
    expect(Number(result['fees'])).toBeGreaterThan(0);
    expect((JSON.parse(second.stdout) as typeof result)['resultHash']).toBe(result['resultHash']);
    // It needs no data directory, and makes none.
    expect(readdirSync(folder.path)).toEqual(['wave.csv']);
  });

  it.each([
    [['BTC/USDT', 'ETH/BTC'], ['ETH/BTC is counted in BTC and BTC/USDT in USDT']],
    [['BTC/USD:BTC'], ['BTC/USD:BTC is an inverse contract']],
    [['btc/usdt'], ['use BTC/USDT']],
  ])('of %j is refused with one line', (symbols, words) => {
    const file = write('wave.csv', waveCandles(900));
    const files = symbols.map(() => file);
    expectOneLine(
      tradebot('backtest', '--data', ...files, '--symbol', ...symbols, '--timeframe', '1h'),
      ...words,
    );
  });

  it('of a perpetual says what it leaves out, as text and as JSON', () => {
    const file = write('wave.csv', waveCandles(900));
    const perpetual = (...more: readonly string[]) =>
      tradebot('backtest', '--data', file, '--symbol', 'BTC/USDT:USDT', '--no-audit', ...more).stdout;
    const words = 'perpetuals are simulated without funding and liquidation';
    expect(perpetual()).toContain(words);
    expect(JSON.parse(perpetual('--json'))).toMatchObject({ notes: [expect.stringContaining(words)] });
  });

  it('with nobody to speak for Bull and Bear trades nothing by rules, and by trend, which needs nobody', () => {
    const file = write('wave.csv', waveCandles(1_200));
    const run = (strategy: string) =>
      JSON.parse(backtest(file, '--json', '--agents', 'off', '--strategy', strategy).stdout) as unknown;
    expect(run('rules')).toMatchObject({ trades: 0, fills: 0, netProfitPct: 0, fees: 0 });
    expect(run('trend')).not.toMatchObject({ fills: 0 });
  });

  it('prints a table that a trader can read', () => {
    const { stdout } = backtest(write('wave.csv', waveCandles(1_500)));
    for (const word of ['net profit', 'buy and hold', 'audit, look-ahead: passed', 'result hash']) {
      expect(stdout).toContain(word);
    }
  });

  it('reports missing bars and invents none', () => {
    const lines = waveCandles(1_200).split('\n');
    lines.splice(900, 3);
    const result = JSON.parse(backtest(write('holes.csv', lines.join('\n')), '--json').stdout) as unknown;
    expect(result).toMatchObject({ bars: 1_197, data: [{ gaps: 1, missingBars: 3 }] });
  });
});

describe('the history', () => {
  it('takes a file in, lists it, and can be replayed', async () => {
    const file = write('wave.csv', waveCandles(1_500));
    const data = join(folder.path, 'data');
    const imported = tradebot('data', 'import', file, '--symbol', 'BTC/USDT', '--data-dir', data);
    expect(imported.stdout).toContain('1500 1h bars imported');
    expect(tradebot('data', 'list', '--json', '--data-dir', data).stdout).toContain('"bars":1500');
    const program = await RunningProgram.start(
      data,
      '--mode',
      'replay',
      '--timeframe',
      '1h',
      '--speed',
      '1000000',
    );
    try {
      expect(await program.get('status')).toMatchObject({ mode: 'replay', symbols: ['BTC/USDT'] });
    } finally {
      await program.stop();
    }
  });

  it('of a symbol that is not stored cannot be replayed', () => {
    const data = join(folder.path, 'data');
    expectOneLine(
      tradebot('run', '--mode', 'replay', '--headless', '--no-open', '--port', '0', '--data-dir', data),
      'data import',
    );
  });
});

describe('kill, status and the records', () => {
  it('work while nothing runs', () => {
    const data = join(folder.path, 'data');
    expect(tradebot('status', '--data-dir', data).stdout).toContain('kill switch not engaged');
    expectOneLine(tradebot('kill', '--data-dir', data), 'does not exist: nothing was stopped');
    expect(existsSync(data)).toBe(false);
    mkdirSync(data);
    expect(tradebot('kill', '--data-dir', data).exitCode).toBe(0);
    expect(tradebot('status', '--data-dir', data).stdout).toContain('kill switch engaged');
    expect(tradebot('trades', '--json', '--data-dir', data).stdout.trim()).toBe('[]');
    expect(tradebot('trades', '--csv', '--data-dir', data).stdout).toMatch(
      /^opened_at,closed_at,symbol,[^\n]+\n$/,
    );
    expectOneLine(
      tradebot('trades', 'note', 'BTC/USDT 1 buy', 'x', '--data-dir', data),
      'no account was opened',
    );
    expectOneLine(tradebot('trades', 'import', '--data-dir', data), 'name one CSV file');
    expectOneLine(tradebot('trades', 'import', write('bad.csv', 'a,b\n'), '--data-dir', data), 'line 1');
    expectOneLine(tradebot('trades', 'import', '--venue', '--data-dir', data), 'no account was opened');
    expectOneLine(
      tradebot('trades', 'import', 'x.csv', '--since', '2024-01-01', '--data-dir', data),
      '--venue',
    );
    expectOneLine(tradebot('trades', 'import', '--undo', '7', '--data-dir', data), 'there is no import 7');
    expect(tradebot('trades', 'imports', '--json', '--data-dir', data).stdout.trim()).toBe('[]');
    expectOneLine(tradebot('trades', '--tag', 'a,b', '--data-dir', data), 'a tag has');
    expect(tradebot('performance', '--excursions', 'exit', '--data-dir', data).stdout).toContain('watched');
    expect(tradebot('performance', '--json', '--data-dir', data).stdout.trim()).toBe('null');
    expect(tradebot('performance', '--by', 'symbol', '--data-dir', data).stdout).toContain('no account');
    expectOneLine(
      tradebot('performance', '--excursions', 'exit', '--source', 'all', '--data-dir', data),
      '--source goes without',
    );
    expectOneLine(tradebot('performance', '--from', '2024-01-01', '--data-dir', data), '--by');
    expect(tradebot('decisions', '--json', '--data-dir', data).stdout.trim()).toBe('[]');
    expect(tradebot('gains', '--csv', '--data-dir', data).stdout.trim()).toBe(
      'symbol,direction,acquired,disposed,amount,proceeds,cost,gain',
    );
    expectOneLine(tradebot('gains', '--zone', 'Mars/One', '--data-dir', data), '--zone Mars/One');
    expectOneLine(tradebot('resume', '--data-dir', data), 'not running');
    expectOneLine(tradebot('unlock', 'BTC/USDT', '--data-dir', data), 'not running');
  });

  it('lock a symbol of a running program, over its restart', async () => {
    const lock = (...args: string[]) => tradebot(...args, '--data-dir', folder.path);
    let program = await RunningProgram.start(folder.path);
    try {
      expectOneLine(lock('lock', 'BTC/USDT', '--until', 'soon', '--reason', 'news'), 'give a date');
      const locked = lock('lock', 'BTC/USDT', '--until', '2126-01-01', '--reason', 'news');
      expect(locked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is locked until 2126') });
      await program.stop();
      program = await RunningProgram.start(folder.path);
      const { conditions } = (await program.get('status')) as { conditions: { message: string }[] };
      const expected = 'BTC/USDT is locked by the trader until 2126-01-01 00:00:00 UTC: news';
      expect(conditions.map(({ message }) => message)).toContain(`${expected}; exits and stops go on`);
      expect(lock('unlock', 'BTC/USDT').exitCode).toBe(0);
      expect(lock('unlock', 'BTC/USDT')).toMatchObject({
        exitCode: expect.any(Number),
        stderr: expect.stringContaining('is not locked'),
      });
    } finally {
      await program.stop();
    }
  });

  it('shows the limits, and changes one of a running program, loosened only by one who says so', async () => {
    const limits = (...flags: readonly string[]) => tradebot('limits', '--data-dir', folder.path, ...flags);
    expect(limits().stdout).toContain('No program runs on this data directory');
    expectOneLine(limits('--set', 'maxPositions', '--to', '2'), 'settings file');
    const program = await RunningProgram.start(folder.path);
    try {
      expect(limits().stdout).toMatch(/minWinRate .*needs 20, has 0/);
      const tighter = limits('--set', 'maxPositions', '--to', '2', '--json');
      expect(JSON.parse(tighter.stdout)).toContainEqual(
        expect.objectContaining({ name: 'maxPositions', limit: 2 }),
      );
      expectOneLine(limits('--set', 'maxPositions', '--to', '9'), 'from 2 to 9', '--loosen');
      expect(limits('--set', 'maxPositions', '--to', '9', '--loosen').exitCode).toBe(0);
    } finally {
      await program.stop();
    }
    const file = JSON.parse(readFileSync(join(folder.path, 'settings.json'), 'utf8')) as unknown;
    expect(file).toEqual({ safety: { maxPositions: 9 } });
    expect(limits('--json').stdout).toContain('{"name":"maxPositions","limit":9,"used":null}');
  });

  it('pauses entries over a restart with who and why, and lets them go on', async () => {
    const none = tradebot('pause', '--data-dir', folder.path);
    expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    expectOneLine(none, 'no program with an API runs');
    expectOneLine(tradebot('unpause', '--data-dir', folder.path), 'no program with an API runs');
    const pause = { by: 'the trader', from: 'command-line', reason: 'news' };
    const before = await RunningProgram.start(folder.path);
    try {
      expect(tradebot('pause', '--reason', 'news', '--data-dir', folder.path).exitCode).toBe(0);
      expect(await before.get('status')).toMatchObject({ trading: 'paused', pause });
    } finally {
      await before.stop();
    }
    const after = await RunningProgram.start(folder.path);
    try {
      await expect.poll(() => after.get('status')).toMatchObject({ trading: 'paused', pause });
      expect(tradebot('unpause', '--data-dir', folder.path).exitCode).toBe(0);
      expect(await after.get('status')).toMatchObject({ trading: 'running', pause: null });
    } finally {
      await after.stop();
    }
  });

  it('#34 reset the kill switch of a running program only after asking', async () => {
    tradebot('kill', '--data-dir', folder.path);
    const program = await RunningProgram.start(folder.path);
    try {
      const asked = tradebot('resume', '--data-dir', folder.path);
      expect(asked.stdout).toContain('lets orders leave again, and does nothing else');
      expect(asked.exitCode).toBe(2);
      expect(tradebot('resume', '--confirm', 'RESET', '--data-dir', folder.path).exitCode).toBe(0);
      expect(await program.get('status')).toMatchObject({ killSwitch: { engaged: false } });
    } finally {
      await program.stop();
    }
  });
});

describe('the feature export', () => {
  it('writes one row a bar with named columns, of several files at once', () => {
    const [one, two] = [write('one.csv', waveCandles(830)), write('two.csv.gz', gzipSync(waveCandles(820)))];
    const result = tradebot(
      'features',
      'export',
      '--data',
      one,
      two,
      '--out',
      folder.path,
      '--labels',
      '--json',
    );
    expect(result.exitCode, result.stderr).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject([
      { rows: 830, ready: 31, features: 106, missingBars: 0 },
      { rows: 820, ready: 21, features: 106, missingBars: 0 },
    ]);
    const lines = gunzipSync(readFileSync(join(folder.path, 'one.features.csv.gz')))
      .toString()
      .trim()
      .split('\n');
    const [header = '', ...rows] = lines;
    expect(header).toMatch(
      /^timestamp_ms,dist_ema_8_atr,.*,label,label_horizon_return,label_exit_return,label_end_ms$/,
    );
    expect(rows).toHaveLength(830);
    expect(rows[798]).toMatch(/^\d+,+$/);
    expect(rows[799]?.split(',').slice(1, -4)).not.toContain('');
    expect(rows.at(-1)).toMatch(/,,,,$/);
  });

  it('leaves no half a file behind', () => {
    const broken = write('broken.csv', `${waveCandles(10)}nonsense\n`);
    expectOneLine(
      tradebot('features', 'export', '--data', broken, '--out', join(folder.path, 'f.csv')),
      'broken.csv',
    );
    expect(readdirSync(folder.path)).toEqual(['broken.csv']);
  });

  it.each([
    ['an output that is neither', ['--out', 'f.txt'], 'must end in .csv or .csv.gz'],
    ['a symbol that is none', ['--out', 'f.csv', '--symbol', 'btc'], 'must look like BTC/USDT'],
    ['more symbols than files', ['--out', 'f.csv', '--symbol', 'A/B', 'C/D'], '2 symbols and 1 files'],
    ['a folder that is not there', ['--out', '/nowhere/at/all/f.csv'], 'cannot be written'],
  ])('refuses %s', (_, flags, words) => {
    expectOneLine(tradebot('features', 'export', '--data', write('c.csv', waveCandles(10)), ...flags), words);
  });
});
