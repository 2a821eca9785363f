import type { KnownPrice } from './llm-providers.ts';
import { type Settings, symbolsOf } from './settings.ts';
import type { Timeframe } from './vocabulary.ts';

/** What a call took, as measured or supposed. */
export interface CallTokens {
  readonly input: number;
  readonly output: number;
}

/** What language models would cost with some settings. */
export interface LlmEstimate {
  readonly decisionsPerMonth: number;
  readonly callsPerDecision: number;
  /** Null: no price is known. */
  readonly perDecisionUsd: number | null;
  /** What a month would cost if every decision were debated; null: no price is known. */
  readonly perMonthUsd: number | null;
  /** What the day's budget lets through in a month at most. */
  readonly budgetPerMonthUsd: number;
}

/** Supposed until calls have been made: a question with 106 features, and an answer with few thoughts before it. */
export const SUPPOSED_TOKENS: CallTokens = { input: 3_000, output: 600 };

const DAYS_A_MONTH = 365.25 / 12;
const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1_440, w: 10_080 };

/** Decisions of which a language model is asked, a month. A strategy that proposes by itself decides once a day. */
export function decisionsPerMonth(
  settings: Pick<Settings, 'mode' | 'symbols' | 'timeframe' | 'strategy'>,
): number {
  const { strategy, timeframe } = settings;
  if (strategy.id === 'ml') return 0;
  const everyBar = strategy.id === 'rules' || strategy.id === 'ensemble';
  const minutes = everyBar ? minutesOf(timeframe) : Math.max(1_440, minutesOf(timeframe));
  return Math.round(((DAYS_A_MONTH * 1_440) / minutes) * symbolsOf(settings).length);
}

function minutesOf(timeframe: Timeframe): number {
  const [, count = '1', unit = 'h'] = /^(\d+)([a-z])$/.exec(timeframe) ?? [];
  return Number(count) * (MINUTES[unit] ?? 60);
}

/** What debates would cost; both agents' models at one price. */
export function estimateLlm(
  settings: Pick<Settings, 'mode' | 'symbols' | 'timeframe' | 'strategy' | 'llm'>,
  price: Pick<KnownPrice, 'inputPerMTok' | 'outputPerMTok'> | null,
  tokens: CallTokens = SUPPOSED_TOKENS,
): LlmEstimate {
  const { rebuttalRounds, dailyBudgetUsd } = settings.llm;
  const decisions = decisionsPerMonth(settings);
  const callsPerDecision = 2 * (1 + rebuttalRounds);
  const perCall =
    price === null ? null : (tokens.input * price.inputPerMTok + tokens.output * price.outputPerMTok) / 1e6;
  const perDecisionUsd = perCall === null ? null : perCall * callsPerDecision;
  return {
    decisionsPerMonth: decisions,
    callsPerDecision,
    perDecisionUsd,
    perMonthUsd: perDecisionUsd === null ? null : perDecisionUsd * decisions,
    budgetPerMonthUsd: dailyBudgetUsd * DAYS_A_MONTH,
  };
}
