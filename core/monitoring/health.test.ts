import { describe, expect, test } from 'vitest';
import type { StatusView } from '../contract/index.ts';
import { healthOf } from './health.ts';

const WELL: StatusView = {
  version: '0.1.0',
  mode: 'demo',
  host: 'headless',
  exchange: 'simulated',
  symbols: ['BTC/USDT'],
  timeframe: '1h',
  strategy: 'ensemble',
  analysts: 'rules',
  llm: null,
  models: { installed: 0, message: 'none' },
  trading: 'running',
  pause: null,
  message: '',
  marketTime: 0,
  speed: 1,
  killSwitch: { engaged: false, at: null, reason: null, stage: 'armed', failures: [] },
  breaker: { tripped: false, reason: null, until: null },
  feed: { lastMessageAgeMs: 5, stale: false, gaps: 0 },
  markets: [],
  reconciliation: { green: true, at: 0, differences: [] },
  venue: null,
  conditions: [],
};
const ENGAGED: StatusView['killSwitch'] = { engaged: true, at: 5, reason: 'x', stage: 'flat', failures: [] };

describe('healthOf', () => {
  test('a bot that runs as told is ready', () => {
    expect(healthOf(WELL)).toEqual({ ready: true, problems: [] });
  });

  test.each<[Partial<StatusView>, string[]]>([
    [{ killSwitch: ENGAGED }, ['the kill switch is engaged']],
    [
      { breaker: { tripped: true, reason: 'daily loss', until: 9 } },
      ['the circuit breaker is tripped: daily loss'],
    ],
    [{ breaker: { tripped: true, reason: null, until: null } }, ['the circuit breaker is tripped: unknown']],
    [{ feed: { lastMessageAgeMs: null, stale: true, gaps: 0 } }, ['the market data is stale']],
    [
      { reconciliation: { green: false, at: null, differences: [] } },
      ['our books and the venue do not agree, or were not compared yet'],
    ],
    [{ trading: 'halted' }, ['trading is halted']],
    [{ trading: 'paused' }, ['trading is paused']],
    [{ trading: 'starting' }, ['trading is starting']],
    [{ trading: 'stopped' }, ['trading is stopped']],
    [{ killSwitch: ENGAGED, trading: 'halted' }, ['the kill switch is engaged', 'trading is halted']],
  ])('%j is not ready and says why', (change, problems) => {
    expect(healthOf({ ...WELL, ...change })).toEqual({ ready: false, problems });
  });
});
