import { fixed, percent } from '../../format/index.ts';
import { useAnswer } from '../use-answer.ts';

/** How each analyst's own calls turned out, by the confidence they were made with: what they are told, too. */
export function Records() {
  // A record that cannot be read is left out: the page says elsewhere that the program does not answer.
  const records = useAnswer('llm.records', {}).answer ?? [];
  return (
    <>
      {records.map(({ agent, n, hitRate, brier, buckets }) => (
        <dl key={agent} className="agent-record" data-testid={`record-${agent}`}>
          <dt>{agent === 'bull' ? 'Bull' : 'Bear'}’s own calls</dt>
          <dd className="number">
            {n === 0
              ? 'none judged yet'
              : `${n}, ${percent((hitRate ?? 0) * 100, 0)} right, Brier ${brier === null ? '–' : fixed(brier, 2)}`}
          </dd>
          {buckets.map((bucket) => (
            <dd key={bucket.from} className="quiet">
              said {percent(bucket.meanConfidence * 100, 0)}: right {percent(bucket.hitRate * 100, 0)} of{' '}
              {bucket.n}
            </dd>
          ))}
        </dl>
      ))}
    </>
  );
}
