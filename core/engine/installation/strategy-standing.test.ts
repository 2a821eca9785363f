import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { StrategyLadder } from '../../safety/index.ts';
import { STRATEGY_TEMPLATE } from '../../strategies/index.ts';
import { StrategyFolder, strategyFile, strategyFolder } from './strategy-folder.ts';
import { againstRealMoney, climb, standingOf, stepBack, versionOf } from './strategy-standing.ts';

const clock = { now: () => 42 };
const GREEN = { at: 1, passed: true, days: 700, resultHash: 'abc' };

function fresh() {
  const directory = mkdtempSync(join(tmpdir(), 'standing-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const strategies = new StrategyFolder(directory);
  const parts = { directory, settings: SettingsSchema.parse({}), strategies, log: SILENT_LOGGER };
  return { ...parts, parts, ladder: new StrategyLadder({ directory, log: SILENT_LOGGER }) };
}

describe('a strategy on its way to real money', () => {
  it('is refused the next rung with what is missing, and stays', () => {
    const { parts } = fresh();
    expect(() => climb(parts, 'trend', clock)).toThrow(
      'trend stays at backtests: a backtest of 365 days or more whose audit passes: none yet',
    );
    expect(standingOf(parts, 'trend')).toMatchObject({ rung: 'backtest', since: null, next: 'paper' });
  });

  it('climbs one rung with a green audit, and is asked for trades on paper there', () => {
    const { parts, ladder } = fresh();
    ladder.noteAudit(versionOf(parts.strategies, 'trend'), GREEN);
    expect(climb(parts, 'trend', clock)).toMatchObject({ rung: 'paper', since: 42, next: 'small-live' });
    expect(() => climb(parts, 'trend', clock)).toThrow('0 days and 0 trades');
    expect(stepBack(parts, 'trend', clock)).toMatchObject({ rung: 'backtest', since: 42 });
  });

  it('of the trader’s own begins anew with each change of its file', () => {
    const { parts, directory, ladder } = fresh();
    mkdirSync(strategyFolder(directory));
    writeFileSync(strategyFile(directory, 'mine'), STRATEGY_TEMPLATE.replaceAll('NAME', 'mine'));
    ladder.noteAudit(versionOf(parts.strategies, 'mine'), GREEN);
    expect(climb(parts, 'mine', clock).rung).toBe('paper');
    writeFileSync(
      strategyFile(directory, 'mine'),
      `${STRATEGY_TEMPLATE.replaceAll('NAME', 'mine')}\n// changed\n`,
    );
    const changed = { ...parts, strategies: new StrategyFolder(directory) };
    expect(standingOf(changed, 'mine')).toMatchObject({
      rung: 'backtest',
      missing: [expect.stringContaining('none yet') as string],
    });
  });

  it('is kept from real money by a missing audit alone; of the rest the trader is told', () => {
    const { parts, ladder } = fresh();
    const against = () => againstRealMoney(standingOf(parts, 'trend'));
    expect(against().obstacles.join()).toMatch(
      /^trend has not shown a backtest of 365 days .*run `tradebot backtest --strategy trend`/,
    );
    const which = versionOf(parts.strategies, 'trend');
    ladder.noteAudit(which, GREEN);
    expect(against()).toMatchObject({
      obstacles: [],
      warnings: [expect.stringContaining('nothing is missing') as string],
    });
    ladder.noteRung(which, 'paper', 2);
    expect(against().warnings.join()).toContain(
      '28 days and 10 finished trades of paper trading: 0 days and 0 trades',
    );
    ladder.noteRung(which, 'small-live', 3);
    expect(against()).toEqual({ obstacles: [], warnings: [] });
    ladder.noteRung(which, 'live', 4);
    expect(against()).toEqual({ obstacles: [], warnings: [] });
    expect(() => climb(parts, 'trend', clock)).toThrow('the highest rung');
  });
});
