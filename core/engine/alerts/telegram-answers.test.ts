import { expect, test } from 'vitest';
import type { EngineService } from '../service/client-session.ts';
import { telegramAnswer } from './telegram-answers.ts';

const POSITION = {
  ...{ symbol: 'BTC/USDT', quantity: '0.5', averageEntryPrice: '42000', unrealisedPnl: '12.5' },
  ...{ unrealisedPnlPct: 0.06, stopPrice: '41000', protection: 'venue' },
};
const ANSWERS: Readonly<Record<string, unknown>> = {
  'status.get': {
    ...{ mode: 'live', trading: 'halted', message: 'the kill switch is engaged' },
    breaker: { tripped: true, reason: 'five losses' },
    killSwitch: { engaged: true, reason: 'pressed' },
    conditions: [
      { id: 'a', severity: 'info', message: 'no matter' },
      { id: 'b', severity: 'critical', message: 'BTC/USDT is not protected' },
    ],
  },
  'positions.list': [POSITION],
  'portfolio.get': {
    ...{ equity: '10012.5', dailyPnl: '-3', realisedPnl: '1', unrealisedPnl: '12.5' },
    ...{ returnPct: 0.125, drawdownPct: 1.5 },
  },
  'trading.pause': {},
  'killSwitch.activate': { failures: ['BTC/USDT could not be closed'] },
};

async function asked(command: Parameters<typeof telegramAnswer>[1]) {
  const calls: unknown[] = [];
  const service = {
    call: async (method: string, params: unknown) => {
      calls.push([method, params]);
      return ANSWERS[method];
    },
  } as Pick<EngineService, 'call'>; // Answers of five methods, which are all that is asked.
  return { calls, answer: await telegramAnswer(service, command, 'Anna @anna') };
}

test('/kill is a press like every other, noted by the name of who sent it', async () => {
  const { calls, answer } = await asked('kill');
  expect(calls).toEqual([['killSwitch.activate', { reason: '/kill of Anna @anna', from: 'telegram' }]]);
  expect(answer).toMatch(/^KILL SWITCH ENGAGED.*\nBTC\/USDT could not be closed$/);
});

test('/pause pauses, noted the same way', async () => {
  const { calls, answer } = await asked('pause');
  expect(calls).toEqual([['trading.pause', { reason: '/pause of Anna @anna', from: 'telegram' }]]);
  expect(answer).toMatch(/^Paused/);
});

test('the questions are answered in words', async () => {
  expect((await asked('status')).answer).toBe(
    'LIVE: halted (the kill switch is engaged)\nThe kill switch is engaged: pressed\nThe circuit breaker has tripped: five losses\nBTC/USDT is not protected',
  );
  expect((await asked('positions')).answer).toBe('BTC/USDT 0.5 at 42000: 12.5 (0.06 %), stop 41000 (venue)');
  expect((await asked('pnl')).answer).toBe(
    'Equity 10012.5 (0.13 %)\nToday -3, realised 1, unrealised 12.5\nDrawdown 1.50 %',
  );
});
