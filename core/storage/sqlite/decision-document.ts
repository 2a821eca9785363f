import { baseAmount, type Decision, text } from '../../domain/index.ts';

/** A decision as JSON text. */
export function writeDecision(decision: Decision): string {
  return JSON.stringify({ ...decision, positionQuantity: text(decision.positionQuantity) });
}

/** Reads what `writeDecision` wrote. The document comes from our own database, written by this very function. */
export function readDecision(document: string): Decision {
  const stored = JSON.parse(document) as Omit<Decision, 'positionQuantity' | 'thinkingMs'> & {
    positionQuantity: string;
    /** Not there in documents of the first version. */
    thinkingMs?: number | null;
  };
  const { positionQuantity, thinkingMs = null } = stored;
  return { ...stored, positionQuantity: baseAmount(positionQuantity), thinkingMs };
}

/** The text in which a search looks: symbol, reason and the voters' theses, in lower case. */
export function searchableText(decision: Decision): string {
  const theses = decision.votes.map((vote) => (vote.kind === 'vote' ? vote.thesis : vote.message));
  return [decision.symbol, decision.action, decision.reasonCode, decision.reason, ...theses]
    .join('\n')
    .toLowerCase();
}
