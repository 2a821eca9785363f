import type { DecisionOutcome, DecisionView } from '../../../core/contract/index.ts';

/** What the trader looks for; empty text and null ask for anything. */
export interface DecisionFilter {
  readonly symbol: string | null;
  readonly outcome: DecisionOutcome | null;
  readonly search: string;
}

export const EVERYTHING: DecisionFilter = { symbol: null, outcome: null, search: '' };

export function isFiltering(filter: DecisionFilter): boolean {
  return filter.symbol !== null || filter.outcome !== null || filter.search.trim() !== '';
}

/** Whether a decision that came in live belongs in the list: the program applies the same rule to its history. */
export function matchesFilter(decision: DecisionView, { symbol, outcome, search }: DecisionFilter): boolean {
  if (symbol !== null && decision.symbol !== symbol) return false;
  if (outcome !== null && decision.outcome !== outcome) return false;
  const text = search.trim().toLowerCase();
  if (text === '') return true;
  const { id, reason, reasonCode, regime, action, votes } = decision;
  const theses = votes.map((vote) => (vote.kind === 'vote' ? vote.thesis : vote.message));
  return [id, decision.symbol, reason, reasonCode, regime, action, ...theses].some((part) =>
    part.toLowerCase().includes(text),
  );
}

/** Found in history and live ones together, newest first, each once. */
export function joinDecisions(
  found: readonly DecisionView[],
  live: readonly DecisionView[],
  filter: DecisionFilter,
): readonly DecisionView[] {
  const byId = new Map(found.map((decision) => [decision.id, decision]));
  for (const decision of live) if (matchesFilter(decision, filter)) byId.set(decision.id, decision);
  return [...byId.values()].sort((a, b) => b.time - a.time || a.symbol.localeCompare(b.symbol));
}
