import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SILENT_LOGGER } from '../domain/index.ts';
import { type LadderFacts, ladderOf } from './ladder-rule.ts';
import { LADDER_FILE, StrategyLadder } from './strategy-ladder.ts';

const TREND = { strategy: 'trend', version: null };
const OWN = { strategy: 'mine', version: 'abc' };
const GREEN = { at: 5, passed: true, days: 700, resultHash: 'c18d635dad44063a' };

function fresh() {
  const directory = mkdtempSync(join(tmpdir(), 'ladder-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { directory, open: () => new StrategyLadder({ directory, log: SILENT_LOGGER }) };
}

const facts = (given: Partial<LadderFacts> = {}): LadderFacts => ({
  ...TREND,
  rung: 'backtest',
  since: null,
  audit: null,
  paper: { days: 0, trades: 0 },
  live: { days: 0, trades: 0 },
  ...given,
});

describe('the ladder’s rule', () => {
  const enough = { days: 28.5, trades: 10 };
  it.each<[string, Partial<LadderFacts>, string | null, readonly string[]]>([
    [
      'asks for an audit first',
      {},
      'paper',
      ['a backtest of 365 days or more whose audit passes: none yet, see tradebot backtest'],
    ],
    ['lets a green one up', { audit: GREEN }, 'paper', []],
    [
      'no red one',
      { audit: { ...GREEN, passed: false } },
      'paper',
      ['a backtest of 365 days or more whose audit passes: 700 days, its audit FAILED, result c18d635dad44'],
    ],
    [
      'and no short one',
      { audit: { ...GREEN, days: 364 } },
      'paper',
      [expect.stringContaining('364 days') as string],
    ],
    [
      'asks for days and trades on paper',
      { rung: 'paper', audit: GREEN, paper: { days: 30, trades: 9 } },
      'small-live',
      ['28 days and 10 finished trades of paper trading: 30 days and 9 trades'],
    ],
    [
      'and for what a lower rung has shown, if it is not there any more',
      { rung: 'paper', paper: enough },
      'small-live',
      [expect.stringContaining('none yet') as string],
    ],
    ['lets them up', { rung: 'paper', audit: GREEN, paper: enough }, 'small-live', []],
    [
      'asks for days and trades of a little money',
      { rung: 'small-live', audit: GREEN, paper: enough, live: { days: 3.9, trades: 12 } },
      'live',
      ['28 days and 10 finished trades of a little real money: 3 days and 12 trades'],
    ],
    ['ends at the top', { rung: 'live' }, null, []],
  ])('%s', (_, given, next, missing) => {
    expect(ladderOf(facts(given))).toMatchObject({ next, missing });
  });

  it('shows each step with what it asks and what there is', () => {
    const { steps } = ladderOf(facts({ audit: GREEN, paper: enough }));
    expect(steps.map(({ rung, met }) => [rung, met])).toEqual([
      ['backtest', true],
      ['paper', true],
      ['small-live', false],
    ]);
  });
});

describe('the ladder’s file', () => {
  it('begins at the bottom, and keeps what was shown and how far the trader went over a restart', () => {
    const { open } = fresh();
    expect([open().rung(TREND), open().audit(TREND)]).toEqual([{ rung: 'backtest', since: null }, null]);
    open().noteAudit(TREND, GREEN);
    open().noteRung(TREND, 'paper', 9);
    expect(open().audit(TREND)).toMatchObject(GREEN);
    expect(open().rung(TREND)).toEqual({ rung: 'paper', since: 9 });
    // A green audit moves nothing by itself.
    open().noteAudit(TREND, { ...GREEN, at: 10 });
    expect(open().rung(TREND)).toEqual({ rung: 'paper', since: 9 });
  });

  it('goes by the newest audit, whatever an older one has shown', () => {
    const { open } = fresh();
    open().noteAudit(TREND, GREEN);
    open().noteAudit(TREND, { ...GREEN, at: 8, days: 30, passed: false });
    expect(open().audit(TREND)).toMatchObject({ at: 8, days: 30, passed: false });
    open().noteAudit(TREND, { ...GREEN, at: 9 });
    expect(open().audit(TREND)).toMatchObject({ at: 9, days: 700, passed: true });
  });

  it('is taken back to the bottom by an audit that fails', () => {
    const { open } = fresh();
    open().noteRung(TREND, 'live', 9);
    open().noteAudit(TREND, { ...GREEN, at: 11, passed: false });
    expect(open().rung(TREND)).toEqual({ rung: 'backtest', since: 11 });
  });

  it('knows since when a version is there: since the first that was noted of it', () => {
    const { open } = fresh();
    expect(open().knownSince(OWN)).toBeNull();
    open().noteAudit(OWN, GREEN);
    open().noteRung(OWN, 'paper', 9);
    expect(open().knownSince(OWN)).toBe(5);
    expect(open().knownSince({ ...OWN, version: 'def' })).toBeNull();
  });

  it('knows nothing of another version of a file, nor of another strategy', () => {
    const { open } = fresh();
    open().noteAudit(OWN, GREEN);
    open().noteRung(OWN, 'paper', 9);
    expect(open().rung({ ...OWN, version: 'def' }).rung).toBe('backtest');
    expect(open().audit({ ...OWN, version: 'def' })).toBeNull();
    expect(open().audit(TREND)).toBeNull();
    expect(open().rung(OWN).rung).toBe('paper');
  });

  it('reads past half a line, and says when it cannot be read', () => {
    const { directory, open } = fresh();
    open().noteAudit(TREND, GREEN);
    appendFileSync(join(directory, LADDER_FILE), '{"kind":"ru');
    open().noteRung(TREND, 'paper', 9);
    expect(open().rung(TREND).rung).toBe('paper');

    const other = fresh();
    mkdirSync(join(other.directory, LADDER_FILE));
    const warned: string[] = [];
    const log = { ...SILENT_LOGGER, warn: (_: object, message: string) => void warned.push(message) };
    expect(new StrategyLadder({ directory: other.directory, log }).rung(TREND).rung).toBe('backtest');
    expect(warned.join()).toContain('cannot be read');
  });
});
