import { fixed } from '../../format/index.ts';
import { Fact } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';

const REFRESH_MS = 30_000;

/** What debates cost this month, what was saved where the last one stood, and by which rule. */
export function Costs() {
  const { answer: costs } = useAnswer('llm.costs', {}, REFRESH_MS);
  if (costs === null) return null;
  const { month, spentUsd, debated, stood, perDecisionUsd, savedUsd, tokens, rule } = costs;
  return (
    <div data-testid="llm-costs">
      <dl className="facts">
        <Fact name={`Spent in ${month} (UTC)`}>{`$${fixed(spentUsd, 4)}`}</Fact>
        <Fact name="A decision">{perDecisionUsd === null ? 'none yet' : `$${fixed(perDecisionUsd, 4)}`}</Fact>
        <Fact name="Tokens a call">
          {tokens === null ? 'none yet' : `${fixed(tokens.input, 0)} in, ${fixed(tokens.output, 0)} out`}
        </Fact>
        <Fact name="Debated">{`${debated} of ${debated + stood} decisions`}</Fact>
        <Fact name="Saved">{savedUsd === null ? 'nothing yet' : `about $${fixed(savedUsd, 4)}`}</Fact>
      </dl>
      <p className="quiet setting-note">{rule}</p>
    </div>
  );
}
