import type { LlmSettings } from '../contract/index.ts';
import type { DebateTally } from './debate-tally.ts';
import type { UsdLedger } from './usd-ledger.ts';

/** What debates cost and saved in the current UTC month. */
export interface DebateCosts {
  /** `YYYY-MM`. */
  readonly month: string;
  /** Of all that share the budget: both agents, rivals, backtests, tests. */
  readonly spentUsd: number;
  readonly debated: number;
  /** Decisions on which the last debate stood. */
  readonly stood: number;
  /** Mean of those debated; null without any. */
  readonly perDecisionUsd: number | null;
  /** What those would have cost that stood, at that mean; null without one. */
  readonly savedUsd: number | null;
  /** Of a call; null without any. */
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** When a debate is held. */
  readonly rule: string;
}

export function costsOf(tally: DebateTally, ledger: UsdLedger, settings: LlmSettings): DebateCosts {
  const { debated, stood, costUsd, calls, inputTokens, outputTokens } = tally.thisMonth();
  const perDecisionUsd = debated === 0 ? null : costUsd / debated;
  return {
    month: tally.month,
    spentUsd: ledger.spentThisMonth(),
    debated,
    stood,
    perDecisionUsd,
    savedUsd: perDecisionUsd === null ? null : perDecisionUsd * stood,
    tokens:
      calls === 0
        ? null
        : { input: Math.round(inputTokens / calls), output: Math.round(outputTokens / calls) },
    rule: ruleWords(settings.debate),
  };
}

function ruleWords({ moveSigmas, everyBars }: LlmSettings['debate']): string {
  if (moveSigmas === 0) return 'A debate is held at every decision.';
  return `A debate is held when the position or the regime has changed since the last one, the price has moved by ${moveSigmas} standard deviations of a bar, or ${everyBars} bars or the horizon spoken of have passed. Else the last one stands, and nothing is asked.`;
}
