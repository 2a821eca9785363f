import { fixed } from '../../format/index.ts';
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
        <Fact name={`Spent in ${month} (UTC)`} value={`$${fixed(spentUsd, 4)}`} />
        <Fact
          name="A decision"
          value={perDecisionUsd === null ? 'none yet' : `$${fixed(perDecisionUsd, 4)}`}
        />
        <Fact
          name="Tokens a call"
          value={
            tokens === null ? 'none yet' : `${fixed(tokens.input, 0)} in, ${fixed(tokens.output, 0)} out`
          }
        />
        <Fact name="Debated" value={`${debated} of ${debated + stood} decisions`} />
        <Fact name="Saved" value={savedUsd === null ? 'nothing yet' : `about $${fixed(savedUsd, 4)}`} />
      </dl>
      <p className="quiet setting-note">{rule}</p>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}
