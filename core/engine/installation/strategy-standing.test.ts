import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { decisionOf } from '../../../tests/contracts/decision-store-contract.ts';
import { SettingsSchema, type StrategyId } from '../../contract/index.ts';
import { decisionId, SILENT_LOGGER, TIMEFRAME_MS } from '../../domain/index.ts';
import { StrategyLadder } from '../../safety/index.ts';
import { STRATEGY_TEMPLATE } from '../../strategies/index.ts';
import { openStores } from './stores.ts';
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

const DAY = TIMEFRAME_MS['1d'];

/** Writes finished trades of a strategy into a mode's books, each from one day to the next. */
function tradeOn(directory: string, mode: 'paper' | 'live', strategy: StrategyId, days: readonly number[]) {
  const { ledger, decisions, close } = openStores(directory, mode);
  for (const day of days) {
    const [entry, exit, id] = [`in-${day}`, `out-${day}`, `d-${day}`];
    decisions.append(decisionOf(id, { strategy, barOpenTime: day * DAY }));
    ledger.appendIntent(intentOf(entry, { decisionId: decisionId(id) }));
    ledger.appendFill(fillOf(`a${day}`, entry, { time: day * DAY }));
    ledger.appendIntent(intentOf(exit, { side: 'sell', purpose: 'exit' }));
    ledger.appendFill(fillOf(`b${day}`, exit, { side: 'sell', purpose: 'exit', time: (day + 1) * DAY }));
  }
  close();
}

const MONTH = [1, 4, 7, 10, 13, 16, 19, 22, 25, 28];

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

  it('climbs with what it has shown in the books of its mode', () => {
    const { parts, directory, ladder } = fresh();
    ladder.noteAudit(versionOf(parts.strategies, 'trend'), GREEN);
    climb(parts, 'trend', clock);
    tradeOn(directory, 'paper', 'trend', MONTH.slice(0, 9));
    expect(() => climb(parts, 'trend', clock)).toThrow('25 days and 9 trades');
    tradeOn(directory, 'paper', 'trend', MONTH.slice(9));
    tradeOn(directory, 'paper', 'rules', [40]);
    expect(climb(parts, 'trend', clock).rung).toBe('small-live');
    expect(() => climb(parts, 'trend', clock)).toThrow('a little real money: 0 days and 0 trades');
    tradeOn(directory, 'live', 'trend', MONTH);
    expect(climb(parts, 'trend', clock).rung).toBe('live');
  });

  it('of the trader’s own has not made the trades of what its file was before', () => {
    const { parts, directory, ladder } = fresh();
    mkdirSync(strategyFolder(directory));
    const write = (more: string) => {
      const text = `${STRATEGY_TEMPLATE.replaceAll('NAME', 'mine')}${more}`;
      writeFileSync(strategyFile(directory, 'mine'), text);
      return { ...parts, strategies: new StrategyFolder(directory) };
    };
    const paper = (given: typeof parts) => standingOf(given, 'mine').steps[1];
    const first = write('');
    tradeOn(directory, 'paper', 'mine', [-3]);
    // Nothing was noted of it: nobody knows what it was then.
    expect(paper(first)?.has).toBe('0 days and 0 trades');
    ladder.noteAudit(versionOf(first.strategies, 'mine'), { ...GREEN, at: 0 });
    tradeOn(directory, 'paper', 'mine', MONTH);
    expect(paper(first)).toMatchObject({ has: '28 days and 10 trades', met: true });
    const second = write('\n// changed\n');
    ladder.noteAudit(versionOf(second.strategies, 'mine'), { ...GREEN, at: 28 * DAY });
    climb(second, 'mine', clock);
    expect(paper(second)).toMatchObject({ has: '1 day and 1 trade', met: false });
    expect(() => climb(second, 'mine', clock)).toThrow('1 day and 1 trade');
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
