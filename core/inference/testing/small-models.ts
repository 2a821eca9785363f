import { type Random, SeededRandom } from '../../domain/index.ts';
import type { ModelSpecification } from './onnx-encoder.ts';

/** A model that is small but real, and the same sum done here, to compare with. */
export interface SmallModel {
  readonly specification: ModelSpecification;
  /** Down, flat, up for one row of input: F numbers for trees, T x F for nets. */
  answer(input: ArrayLike<number>): number[];
  /** Quantiles; nets only. */
  quantiles(input: ArrayLike<number>): number[] | null;
}

const CLASSES = 3;
const STUMPS = 9;

/** An ensemble of stumps: TreeEnsembleRegressor, Add, Softmax, as training exports them. NaN goes the true way. */
export function treeModel(features: number, seed: number): SmallModel {
  const random = new SeededRandom(seed);
  const stumps = Array.from({ length: STUMPS }, (_, tree) => {
    const feature = Math.floor(random.next() * features);
    const [threshold = 0, low = 0, high = 0] = floats(random, 3, 2);
    return { target: tree % CLASSES, feature, threshold, low, high };
  });
  const base = floats(random, CLASSES, 0.5);
  const perTree = (values: (stump: (typeof stumps)[number]) => readonly number[]) => stumps.flatMap(values);
  const trees = stumps.flatMap((_, tree) => [tree, tree, tree]);
  return {
    specification: {
      opsets: { 'ai.onnx': 17, 'ai.onnx.ml': 3 },
      nodes: [
        {
          operator: 'TreeEnsembleRegressor',
          domain: 'ai.onnx.ml',
          inputs: ['features'],
          outputs: ['leaves'],
          attributes: {
            n_targets: CLASSES,
            post_transform: 'NONE',
            nodes_treeids: trees,
            nodes_nodeids: perTree(() => [0, 1, 2]),
            nodes_featureids: perTree(({ feature }) => [feature, 0, 0]),
            nodes_values: { floats: perTree(({ threshold }) => [threshold, 0, 0]) },
            nodes_modes: stumps.flatMap(() => ['BRANCH_LT', 'LEAF', 'LEAF']),
            nodes_truenodeids: perTree(() => [1, 0, 0]),
            nodes_falsenodeids: perTree(() => [2, 0, 0]),
            nodes_missing_value_tracks_true: perTree(() => [1, 0, 0]),
            target_treeids: stumps.flatMap((_, tree) => [tree, tree]),
            target_nodeids: perTree(() => [1, 2]),
            target_ids: perTree(({ target }) => [target, target]),
            target_weights: { floats: perTree(({ low, high }) => [low, high]) },
          },
        },
        { operator: 'Add', inputs: ['leaves', 'base'], outputs: ['margins'] },
        {
          operator: 'Softmax',
          inputs: ['margins'],
          outputs: ['probabilities'],
          attributes: { axis: -1 },
        },
      ],
      constants: [{ name: 'base', shape: [1, CLASSES], values: base }],
      inputs: [{ name: 'features', shape: [-1, features] }],
      outputs: [{ name: 'probabilities', shape: [-1, CLASSES] }],
    },
    answer(row) {
      const margins = [...base];
      for (const { target, feature, threshold, low, high } of stumps) {
        const value = row[feature] ?? Number.NaN;
        margins[target] = (margins[target] ?? 0) + (value >= threshold ? high : low);
      }
      return softmax(margins);
    },
    quantiles: () => null,
  };
}

/** Missing values to 0, the mean over the bars, a layer and a softmax: the shape of the nets, and no more. */
export function netModel(features: number, length: number, seed: number): SmallModel {
  const random = new SeededRandom(seed);
  const weights = floats(random, features * CLASSES, 1);
  const quantileWeights = floats(random, features * CLASSES, 1);
  const layer = (input: ArrayLike<number>, by: readonly number[]): number[] => {
    const sums = [0, 0, 0];
    for (let place = 0; place < length * features; place += 1) {
      const raw = input[place] ?? 0;
      const value = Number.isNaN(raw) ? 0 : raw / length;
      for (let each = 0; each < CLASSES; each += 1) {
        sums[each] = (sums[each] ?? 0) + value * (by[(place % features) * CLASSES + each] ?? 0);
      }
    }
    return sums;
  };
  return {
    specification: {
      opsets: { 'ai.onnx': 17 },
      nodes: [
        { operator: 'IsNaN', inputs: ['features'], outputs: ['missing'] },
        { operator: 'Where', inputs: ['missing', 'zero', 'features'], outputs: ['filled'] },
        {
          operator: 'ReduceMean',
          inputs: ['filled'],
          outputs: ['mean'],
          attributes: { axes: [1], keepdims: 0 },
        },
        { operator: 'MatMul', inputs: ['mean', 'weights'], outputs: ['logits'] },
        {
          operator: 'Softmax',
          inputs: ['logits'],
          outputs: ['probabilities'],
          attributes: { axis: -1 },
        },
        { operator: 'MatMul', inputs: ['mean', 'quantile-weights'], outputs: ['quantiles'] },
      ],
      constants: [
        { name: 'zero', shape: [1], values: [0] },
        { name: 'weights', shape: [features, CLASSES], values: weights },
        { name: 'quantile-weights', shape: [features, CLASSES], values: quantileWeights },
      ],
      inputs: [{ name: 'features', shape: [-1, length, features] }],
      outputs: [
        { name: 'probabilities', shape: [-1, CLASSES] },
        { name: 'quantiles', shape: [-1, CLASSES] },
      ],
    },
    answer: (window) => softmax(layer(window, weights)),
    quantiles: (window) => layer(window, quantileWeights),
  };
}

/** Numbers between -scale and scale that float32 holds exactly. */
function floats(random: Random, count: number, scale: number): number[] {
  return Array.from({ length: count }, () => Math.fround((random.next() * 2 - 1) * scale));
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((each) => Math.exp(each - largest));
  const total = powers.reduce((sum, each) => sum + each, 0);
  return powers.map((each) => each / total);
}
