import type { Action, CandleView, DecisionView, Regime, VerdictView, VoteView } from '../../core/contract/index.ts';
import { CANDLE_GROUPS, featureNames } from './fake-features.ts';
