import { expect, test } from 'vitest';
import { SymbolTrust } from './symbol-trust.ts';

test('why a symbol is frozen can be told better later, which is no doubt of its own and freezes nothing', () => {
  const trust = new SymbolTrust();
  trust.explain('A/USDT', 'look for it there');
  expect(trust.of('A/USDT')).toEqual({ trust: 'sound', reason: '' });
  trust.freeze('A/USDT', 'the venue did not answer');
  const doubts = trust.doubtsOf('A/USDT');
  trust.explain('A/USDT', 'look for it there');
  expect(trust.of('A/USDT')).toEqual({ trust: 'frozen', reason: 'look for it there' });
  expect(trust.doubtsOf('A/USDT')).toBe(doubts);
});
