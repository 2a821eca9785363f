import type { DecisionView } from '../../../core/contract/index.ts';
import { useAnswer } from '../use-answer.ts';
import { hindsightSentence, stanceWords } from './hindsight-words.ts';

const REFRESH_MS = 10_000;

/** What the entry came to that this decision wanted, or would have. */
export function EntryHindsightNote({ decision }: { readonly decision: DecisionView }) {
  const { answer } = useAnswer('hindsight.decision', { id: decision.id }, REFRESH_MS);
  if (answer === null) return <p className="soft">No entry was wanted here.</p>;
  return (
    <div data-testid="entry-hindsight">
      <p className="sentence">{hindsightSentence(answer)}</p>
      {answer.stances.length === 0 ? null : <p className="quiet">{stanceWords(answer)}</p>}
    </div>
  );
}
