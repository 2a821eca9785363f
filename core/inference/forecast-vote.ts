import type { ModelVerdict } from '../contract/index.ts';
import type { Brief, Opinion } from '../domain/index.ts';
import type { EnsembleForecast } from './ensemble.ts';
import { VERDICT_SHARE } from './evaluation/index.ts';
import { barrierDistance, LABEL } from './labels.ts';

/**
 * A forecast as a vote. The expected move is (P(up) - P(down)) times the distance of the barriers; it is a BUY or a
 * SELL when that pays the round trip's cost, with the share of the side among the moves as its confidence, and a HOLD
 * otherwise, with P(flat). How little is proven of the models shrinks the vote's weight, not its confidence.
 *
 * @param sigma standard deviation of one bar's return at the bar decided on.
 */
export function forecastVote(
  forecast: EnsembleForecast,
  sigma: number,
  verdict: ModelVerdict | null,
  brief: Pick<Brief, 'roundTripCost'>,
): Opinion {
  const [down, flat, up] = forecast.pooled;
  const distance = barrierDistance(sigma);
  const expected = (up - down) * distance;
  const pays = Math.abs(expected) > brief.roundTripCost;
  const action = pays ? (expected > 0 ? 'BUY' : 'SELL') : 'HOLD';
  const confidence = pays ? Math.max(up, down) / (up + down) : flat;
  const move = `${percent(distance)} within ${LABEL.horizonBars} bars`;
  return {
    kind: 'vote',
    voter: 'ensemble',
    source: 'models',
    action,
    confidence,
    thesis:
      `${percent(up)} up, ${percent(down)} down by ${move}: an expected move of ${percent(expected)} ` +
      `against a cost of ${percent(brief.roundTripCost)}`,
    evidence: forecast.outputs.map(
      (each) =>
        `${each.model}: ${percent(each.up)} up, ${percent(each.flat)} flat, ${percent(each.down)} down`,
    ),
    invalidation: `the price moves ${percent(distance)} the other way first`,
    horizonBars: LABEL.horizonBars,
    // Models that nobody has examined count like those without a proven edge.
    reliability: VERDICT_SHARE[verdict ?? 'no-edge-demonstrated'],
    models: forecast.outputs,
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(Math.abs(share) < 0.1 ? 2 : 1)} %`;
}
