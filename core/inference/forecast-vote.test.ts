import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../contract/index.ts';
import type { EnsembleForecast, Probabilities } from './ensemble.ts';
import { forecastVote } from './forecast-vote.ts';
import { barrierDistance } from './labels.ts';

const SIGMA = 0.005;
const COST = { roundTripCost: 0.0024 };
const forecast = (pooled: Probabilities): EnsembleForecast => ({ pooled, outputs: [] });
// The barriers are 3.67 % away: the cost is paid from a lead of 0.0653 on.
const BREAK_EVEN = COST.roundTripCost / barrierDistance(SIGMA);

describe('a forecast as a vote', () => {
  it.each<[string, Probabilities, string]>([
    ['up clearly more likely than down', [0.2, 0.4, 0.4], 'BUY'],
    ['down clearly more likely than up', [0.4, 0.4, 0.2], 'SELL'],
    ['neither', [0.3, 0.4, 0.3], 'HOLD'],
    ['a lead that does not pay the costs', [0.3, 0.4 - 0.9 * BREAK_EVEN, 0.3 + 0.9 * BREAK_EVEN], 'HOLD'],
    ['a lead that does, even where flat is likeliest', [0.2, 0.5, 0.3], 'BUY'],
  ])('%s', (_, pooled, action) => {
    expect(forecastVote(forecast(pooled), SIGMA, null, COST)).toMatchObject({ kind: 'vote', action });
  });

  it('asks a larger lead where moves are smaller or costs are higher', () => {
    const pooled: Probabilities = [0.25, 0.4, 0.35];
    expect(forecastVote(forecast(pooled), SIGMA, null, COST).action).toBe('BUY');
    expect(forecastVote(forecast(pooled), SIGMA / 10, null, COST).action).toBe('HOLD');
    expect(forecastVote(forecast(pooled), SIGMA, null, { roundTripCost: 0.01 }).action).toBe('HOLD');
  });

  it('has a confidence with which models alone can reach every threshold', () => {
    const { thresholds } = SettingsSchema.parse({}).consensus;
    const vote = forecastVote(forecast([0.2, 0.4, 0.4]), SIGMA, null, COST);
    expect(vote.confidence).toBeGreaterThanOrEqual(Math.max(...Object.values(thresholds)));
    expect(vote.confidence).toBeLessThanOrEqual(1);
  });

  it('weighs by what is proven of the models', () => {
    const weightOf = (verdict: Parameters<typeof forecastVote>[2]) =>
      forecastVote(forecast([0.2, 0.4, 0.4]), SIGMA, verdict, COST).reliability;
    expect(weightOf('edge-demonstrated')).toBe(1);
    expect(weightOf('no-edge-demonstrated')).toBe(0.5);
    expect(weightOf('worse-than-prior')).toBe(0);
    expect(weightOf(null)).toBe(0.5);
  });

  it('says to the trader what is expected, at what cost, and what would prove it wrong', () => {
    const { thesis, invalidation, horizonBars } = forecastVote(forecast([0.2, 0.4, 0.4]), SIGMA, null, COST);
    expect(thesis).toBe(
      '40.0 % up, 20.0 % down by 3.67 % within 24 bars: an expected move of 0.73 % against a cost of 0.24 %',
    );
    expect(invalidation).toContain('3.67 %');
    expect(horizonBars).toBe(24);
  });
});
