import { expect, test } from 'vitest';
import { accountEventId, assetAmount, quoteAmount, text } from '../../domain/index.ts';
import { BTC, engineScene } from '../testing/engine-scene.ts';

/** A position of which all but a remainder is gone, by whatever way. */
async function withRemainder(left: string) {
  const scene = await engineScene({
    patience: 'prompt',
    symbols: [BTC],
    settings: { safety: { minHoldBars: 1, reentryWaitBars: 0 } },
  });
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  await scene.bar(BTC, 1_000);
  const { quantity } = scene.engine.portfolio.position(BTC);
  const gone = quantity.minus(left);
  scene.exchange.announce({
    kind: 'account',
    event: {
      id: accountEventId('gone'),
      kind: 'withdrawal',
      asset: 'BTC',
      amount: assetAmount(gone.negated().toFixed()),
      quoteValue: quoteAmount(gone.times(-1_000).toFixed()),
      symbol: null,
      tradeId: null,
      time: scene.clock.now(),
      note: 'gone',
    },
  });
  return scene;
}

test('a remainder that the venue would not take is no position: it is not closed at every bar, and may be added to', async () => {
  const scene = await withRemainder('0.003');
  scene.voters.says.set(BTC, 'SELL');
  await scene.bar(BTC, 1_000);
  expect(scene.outcomes(BTC).at(-1)).toBe('held nothing-to-sell');
  expect(scene.voters.briefs.at(-1)?.position.direction).toBe('flat');
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  await scene.bar(BTC, 1_000);
  expect(scene.outcomes(BTC).at(-2)).toBe('traded entry');
  // What is added is protected together with the remainder, and closed with it.
  const { quantity } = scene.engine.portfolio.position(BTC);
  expect(scene.engine.desk.protectionOf(BTC).protection).toBe('venue');
  expect(scene.working(BTC).join()).toContain(`protection ${text(quantity)}@`);
});

test('a position that is worth the venue’s least order is closed', async () => {
  const scene = await withRemainder('0.01');
  scene.voters.says.set(BTC, 'SELL');
  await scene.bar(BTC, 1_000);
  expect(scene.voters.briefs.at(-1)?.position.direction).toBe('long');
  expect(scene.outcomes(BTC).at(-1)).toMatch(/^traded /);
});
