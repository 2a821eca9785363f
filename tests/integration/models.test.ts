import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionView, ModelsView } from '../../core/contract/index.ts';
import { RunningProgram, temporaryFolder, tradebot } from './program.ts';
import { waveCandles } from './wave-candles.ts';

const SHIPPED = join(import.meta.dirname, '..', '..', 'models');

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

function copyOfModels(): string {
  const copy = join(folder.path, 'models');
  cpSync(SHIPPED, copy, { recursive: true, filter: (path) => !path.includes('training') });
  return copy;
}

/** After the set became valid. */
function candles(bars: number): string {
  const path = join(folder.path, 'candles.csv');
  writeFileSync(path, waveCandles(bars, Date.UTC(2025, 1, 1)));
  return path;
}

describe('tradebot ml verify', () => {
  it('asks the four shipped models what their makers asked them', () => {
    const result = tradebot('ml', 'verify', '--json', '--data-dir', folder.path);
    expect(result.exitCode, result.stderr).toBe(0);
    const report = JSON.parse(result.stdout) as {
      models: { model: string; rows: number; largestDifference: number }[];
    };
    expect(report.models.map(({ model }) => model)).toEqual(['xgboost', 'lightgbm', 'lstm', 'transformer']);
    for (const { rows, largestDifference } of report.models) {
      expect(rows).toBeGreaterThanOrEqual(500);
      expect(largestDifference).toBeLessThanOrEqual(1e-5);
    }
  });

  it.each(['xgboost', 'lstm'])('fails and names the file when one byte of %s is flipped', (kind) => {
    const copy = copyOfModels();
    const file = join(copy, `hourly-2025-01-${kind}.onnx`);
    const content = readFileSync(file);
    const middle = Math.floor(content.length / 2);
    content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
    writeFileSync(file, content);
    const result = tradebot('ml', 'verify', '--models', copy, '--data-dir', folder.path);
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain(`hourly-2025-01-${kind}.onnx`);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('fails on a truncated file and on a manifest that is not one', () => {
    const copy = copyOfModels();
    const file = join(copy, 'hourly-2025-01-transformer.onnx');
    writeFileSync(file, readFileSync(file).subarray(0, 1_000));
    expect(tradebot('ml', 'verify', '--models', copy, '--data-dir', folder.path).stderr).toContain('1000 of');
    writeFileSync(join(copy, 'manifest.json'), '{"schemaVersion": 1}');
    expect(tradebot('ml', 'verify', '--models', copy, '--data-dir', folder.path).stderr).toContain(
      'manifest.json',
    );
  });
});

describe('the volatility models', () => {
  it('are verified beside the others, and a flipped byte of one is named', () => {
    const report = JSON.parse(tradebot('ml', 'verify', '--json', '--data-dir', folder.path).stdout) as {
      volatility: { setId: string; models: { largestDifference: number }[] }[];
    };
    expect(report.volatility.map(({ setId }) => setId)).toEqual(['volatility-2025-07', 'volatility-2025-01']);
    const copy = copyOfModels();
    const file = join(copy, 'volatility', 'volatility-2025-07', 'lightgbm.onnx');
    const content = readFileSync(file);
    content.writeUInt8(content.readUInt8(5_000) ^ 1, 5_000);
    writeFileSync(file, content);
    const result = tradebot('ml', 'verify', '--models', copy, '--data-dir', folder.path);
    expect(result.exitCode).not.toBe(0);
    expect(result.stderr).toContain('lightgbm.onnx: its SHA-256');
  });

  it('are examined on any hourly candles, with coverage, verdict and what it could have seen', () => {
    const args = [
      'ml',
      'evaluate',
      '--only',
      'volatility',
      '--data',
      candles(1_400),
      '--data-dir',
      folder.path,
    ];
    const { stdout, stderr } = tradebot(...args);
    expect(stderr).toBe('');
    for (const word of [
      'over formula',
      'within 80 %',
      'slope beyond EWMA',
      'verdict on the pool',
      'Walk-forward',
    ]) {
      expect(stdout).toContain(word);
    }
    expect(tradebot(...args.with(5, candles(500))).stderr).toContain('857 hourly bars');
  });
});

describe('sets of the trader', () => {
  it('are installed, chosen and rolled back', () => {
    const copy = copyOfModels();
    const path = join(copy, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"setId": "hourly-2025-01"', '"setId": "my-own"'));
    const ml = (...args: readonly string[]) => tradebot('ml', ...args, '--data-dir', folder.path);
    const inUse = () =>
      (JSON.parse(ml('list', '--json').stdout) as { setId: string; active: boolean }[]).find(
        ({ active }) => active,
      )?.setId;
    expect(ml('install', copy).exitCode).toBe(0);
    expect(inUse()).toBe('hourly-2025-01');
    expect(ml('use', 'my-own').exitCode).toBe(0);
    expect(inUse()).toBe('my-own');
    expect(ml('rollback').exitCode).toBe(0);
    expect(inUse()).toBe('hourly-2025-01');
    expect(ml('use', 'nobodys').stderr).toContain('there is no model set nobodys');
  });
});

describe('the models over history', () => {
  it('predict, and are examined, on any candles', () => {
    const file = candles(1_000);
    const predicted = tradebot('ml', 'predict', '--data', file, '--json', '--data-dir', folder.path);
    const { predictions } = JSON.parse(predicted.stdout) as {
      predictions: { ensemble: Record<string, number> }[];
    };
    const total = Object.values(predictions[0]?.ensemble ?? {}).reduce((sum, share) => sum + share, 0);
    expect(total).toBeCloseTo(1, 6);
    const examined = tradebot('ml', 'evaluate', '--data', file, '--json', '--data-dir', folder.path);
    const report = JSON.parse(examined.stdout) as {
      ensemble: { overall: { samples: number }; verdict: string };
    };
    expect(report.ensemble.overall.samples).toBeGreaterThan(50);
    expect(tradebot('ml', 'predict', '--data', candles(300), '--data-dir', folder.path).stderr).toContain(
      'too few bars',
    );
  });

  it.each(['ml', 'ensemble'])(
    'vote in a backtest with --strategy %s, each run to the same hash',
    (strategy) => {
      const data = [
        '--data',
        candles(1_100),
        '--symbol',
        'BTC/USDT',
        '--timeframe',
        '1h',
        '--strategy',
        strategy,
      ];
      const run = () => {
        const result = tradebot('backtest', ...data, '--no-audit', '--json', '--data-dir', folder.path);
        expect(result.exitCode, result.stderr).toBe(0);
        return JSON.parse(result.stdout) as { resultHash: string; decisions: number };
      };
      const [once, again] = [run(), run()];
      expect(again.resultHash).toBe(once.resultHash);
      const rules = tradebot(
        'backtest',
        ...data.slice(0, -1),
        'rules',
        '--no-audit',
        '--json',
        '--data-dir',
        folder.path,
      );
      expect((JSON.parse(rules.stdout) as { resultHash: string }).resultHash).not.toBe(once.resultHash);
    },
  );

  it('say nothing of bars that they learned from', () => {
    const path = join(folder.path, 'old.csv');
    writeFileSync(path, waveCandles(1_000, Date.UTC(2024, 1, 1)));
    const flags = ['--symbol', 'BTC/USDT', '--timeframe', '1h', '--strategy', 'ml', '--no-audit', '--json'];
    const result = tradebot('backtest', '--data', path, ...flags, '--data-dir', folder.path);
    const { reasons, trades } = JSON.parse(result.stdout) as {
      reasons: Record<string, number>;
      trades: number;
    };
    expect(trades).toBe(0);
    expect(reasons['no-quorum']).toBe(1_000 - 799);
  });
});

describe('a running program', () => {
  it('has the models vote on its bars, shows them, and checks labels as they mature', async () => {
    const program = await RunningProgram.start(
      join(folder.path, 'data'),
      '--symbol',
      'BTC/USDT',
      '--speed',
      '36000',
    );
    try {
      let vote: DecisionView['votes'][number] | undefined;
      while (vote === undefined) {
        const decisions = (await program.get('decisions?limit=5')) as DecisionView[];
        vote = decisions
          .flatMap(({ votes }) => votes)
          .find(({ kind, source }) => kind === 'vote' && source === 'models');
      }
      expect(vote).toMatchObject({ voter: 'ensemble', reliability: 0.5 });
      expect(vote.kind === 'vote' && vote.models?.length).toBe(4);
      let models = (await program.get('ml/models')) as ModelsView;
      while (models.live.matured === 0) models = (await program.get('ml/models')) as ModelsView;
      expect(models.set?.models).toHaveLength(4);
      expect(models.live.predictions).toBeGreaterThan(models.live.matured);
      expect(await program.get('ml/predict?symbol=BTC/USDT')).toMatchObject({ symbol: 'BTC/USDT' });
      await expect(program.call('models.use', { setId: 'nobodys' })).rejects.toThrow(
        'there is no model set nobodys',
      );
    } finally {
      await program.stop();
    }
    expect(existsSync(join(folder.path, 'data', 'demo.sqlite'))).toBe(true);
  }, 60_000);
});
