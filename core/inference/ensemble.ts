import type { ModelOutput } from '../contract/index.ts';
import type { ModelManifest } from './manifest.ts';

/** Down, flat, up; summing to 1. */
export type Probabilities = readonly [down: number, flat: number, up: number];

const SMALLEST = 1e-12;

/** What the models said of one row, and what that comes to. */
export interface EnsembleForecast {
  readonly pooled: Probabilities;
  readonly outputs: readonly ModelOutput[];
}

/**
 * Log-opinion pool (Genest and Zidek, 1986): the pooled probabilities are softmax(sum of w_i log p_i / temperature),
 * with the weights of the manifest, which were fitted on predictions out of fold.
 *
 * @param triples model id -> its probabilities; a model that is not in it did not answer, and the weights of the
 *   others are scaled up to the same total.
 * @returns undefined when no model with a weight answered.
 */
export function pool(
  triples: ReadonlyMap<string, Probabilities>,
  { ensemble }: Pick<ModelManifest, 'ensemble'>,
): EnsembleForecast | undefined {
  const weights = Object.entries(ensemble.weights);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const present = weights.reduce((sum, [id, weight]) => sum + (triples.has(id) ? weight : 0), 0);
  if (!(present > 0)) return undefined;
  const logits = [0, 0, 0];
  const outputs: ModelOutput[] = [];
  for (const [id, weight] of weights) {
    const triple = triples.get(id);
    if (triple === undefined) continue;
    const share = (weight / present) * total;
    for (const [each, probability] of triple.entries()) {
      logits[each] = (logits[each] ?? 0) + share * Math.log(Math.max(probability, SMALLEST));
    }
    const [down, flat, up] = triple;
    outputs.push({ model: id, down, flat, up, weight: weight / present });
  }
  return { pooled: softmax(logits, ensemble.temperature), outputs };
}

function softmax(logits: readonly number[], temperature: number): Probabilities {
  const largest = Math.max(...logits);
  const [down = 0, flat = 0, up = 0] = logits.map((logit) => Math.exp((logit - largest) / temperature));
  const total = down + flat + up;
  return [down / total, flat / total, up / total];
}
