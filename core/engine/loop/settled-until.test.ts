import { expect, test } from 'vitest';
import { decisionOf } from '../../../tests/contracts/decision-store-contract.ts';
import type { Decision, DecisionQuery } from '../../domain/index.ts';
import { SettledUntil } from './settled-until.ts';

const MINUTE = 60_000;
const SYMBOL = 'BTC/USDT';

/** Books that held once, and had a sale blocked at each minute since. */
function booksWith(blocked: number) {
  const decisions: Decision[] = [decisionOf('held', { symbol: SYMBOL, time: MINUTE, action: 'HOLD' })];
  for (let minute = 2; minute < blocked + 2; minute += 1) {
    const given = { symbol: SYMBOL, time: minute * MINUTE, action: 'SELL', outcome: 'blocked' } as const;
    decisions.unshift(decisionOf(`blocked ${minute}`, given));
  }
  const list = ({ before = Number.POSITIVE_INFINITY, limit }: DecisionQuery): readonly Decision[] =>
    decisions.filter(({ time }) => time < before).slice(0, limit);
  return new SettledUntil({ list });
}

test.each([0, 1, 167, 168, 400])('a sale that was blocked %i times is owed since it was due', (blocked) => {
  const settled = booksWith(blocked);
  settled.begin(SYMBOL, 1_000 * MINUTE);
  expect(settled.of(SYMBOL, 0)).toBe(MINUTE);
});

test('books that have decided nothing owe nothing', () => {
  const settled = new SettledUntil({ list: () => [] });
  settled.begin(SYMBOL, 5 * MINUTE);
  expect(settled.of(SYMBOL, 0)).toBe(5 * MINUTE);
});
