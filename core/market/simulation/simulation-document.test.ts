import { expect, test } from 'vitest';
import { MemoryStateStore } from '../../storage/index.ts';
import { simulationDocument } from './prepare-simulation.ts';
import { newMarket } from './simulated-market.ts';

test('a market kept before documents had versions is gone on with', () => {
  const state = new MemoryStateStore();
  const stored = { seed: 9, market: newMarket(['BTC/USDT'], 9, 0) };
  state.write('simulated-market', stored);
  expect(simulationDocument(state).read()).toEqual({ ok: true, value: stored });
  simulationDocument(state).write(stored);
  expect(simulationDocument(state).read()).toEqual({ ok: true, value: stored });
});
