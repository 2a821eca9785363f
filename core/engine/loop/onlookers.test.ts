import { describe, expect, it } from 'vitest';
import type { Brief, Vote } from '../../domain/index.ts';
import { BTC, engineScene, type SceneOptions, votesFor } from '../testing/engine-scene.ts';
import { type LineUp, onlookersVotes } from './line-up.ts';

const MODELS_SAY: Vote = {
  kind: 'abstention',
  voter: 'ensemble',
  source: 'models',
  code: 'model-expired',
  message: 'the test has no models',
};

/** One bar of an engine in which trend decides, well before a midnight. */
async function bar(options: SceneOptions) {
  const scene = await engineScene({ symbols: [BTC], start: 40 * 24 * 3_600_000, ...options });
  scene.now.strategy = 'trend';
  scene.voters.says.set(BTC, 'SELL');
  await scene.step(BTC, 1_000);
  await scene.close(BTC, 1_000);
  return scene.told.decisions[0];
}

describe('a bar on which a strategy decides nothing', () => {
  it('is judged all the same where the trader watches, and no vote has a weight', async () => {
    const decision = await bar({ asksOnlookers: true });
    expect(decision?.votes).toEqual(votesFor('SELL'));
    expect(decision).toMatchObject({ action: 'HOLD', outcome: 'held', reasonCode: 'not-its-time' });
    expect(decision?.consensus).toMatchObject({
      reason: { code: 'nothing-proposed' },
      weights: { bull: 0, bear: 0, ensemble: 0 },
      support: { BUY: 0, SELL: 0, HOLD: 0 },
    });
  });

  it('is judged by nobody where nobody watches, as in a backtest', async () => {
    expect((await bar({ asksOnlookers: false }))?.votes).toEqual([]);
  });

  it('is no reason to pay a language model', async () => {
    const asked: string[] = [];
    // A line-up as far as it is looked at here.
    const lineUp = {
      analysts: 'llm',
      debate: () => {
        asked.push('llm');
        return votesFor('BUY');
      },
      ensemble: { opine: () => MODELS_SAY },
    } as unknown as LineUp;
    // Nobody reads the brief.
    const votes = await onlookersVotes(lineUp, {} as Brief, () => asked.push('failure'));
    expect(votes).toEqual([MODELS_SAY]);
    expect(asked).toEqual([]);
  });
});
