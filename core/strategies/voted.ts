import { STRATEGY_LABELS } from '../contract/index.ts';
import type { VotedStrategy } from './strategy.ts';

const CHART = { timeframe: 'chart', historyMs: null } as const;

/** Bull, Bear and the models. */
export const ENSEMBLE: VotedStrategy = {
  kind: 'voted',
  id: 'ensemble',
  label: STRATEGY_LABELS.ensemble,
  data: CHART,
  limits: {},
  voters: { models: true, analysts: true },
  quorum: ({ quorum }) => quorum,
};

/** Bull and Bear alone. */
export const RULES: VotedStrategy = {
  kind: 'voted',
  id: 'rules',
  label: STRATEGY_LABELS.rules,
  data: CHART,
  limits: {},
  voters: { models: false, analysts: true },
  quorum: ({ quorum }) => quorum,
};

/** The models alone, which are one voter. */
export const ML: VotedStrategy = {
  kind: 'voted',
  id: 'ml',
  label: STRATEGY_LABELS.ml,
  data: CHART,
  limits: {},
  voters: { models: true, analysts: false },
  quorum: () => 1,
};
