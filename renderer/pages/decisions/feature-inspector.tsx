import { useMemo, useState } from 'react';
import type { DecisionView, FeatureInspection } from '../../../core/contract/index.ts';
import { figure } from '../../format/index.ts';
import { matching } from '../../format/matching.ts';
import { useAnswer } from '../use-answer.ts';
import { FeatureTable } from './feature-table.tsx';

type Feature = FeatureInspection['features'][number];

/** Every feature of the bar decided on: its value, how unusual it is, and what it means. */
export function FeatureInspector({ decision }: { readonly decision: DecisionView }) {
  const { symbol, barOpenTime } = decision;
  const { answer: inspection, failure } = useAnswer('features.inspect', { symbol, barOpenTime });
  const [query, setQuery] = useState('');
  const [unusualFirst, setUnusualFirst] = useState(false);
  const groups = useMemo(
    () => grouped(inspection?.features ?? [], query, unusualFirst),
    [inspection, query, unusualFirst],
  );
  if (failure !== null) {
    return (
      <>
        <p className="soft">Only what was recorded with the decision: {failure}.</p>
        <FeatureTable features={decision.features} />
      </>
    );
  }
  if (inspection === null) return <p className="soft">Computing the features of the bar…</p>;
  return (
    <div className="inspector" data-testid="inspector">
      <div className="inspector-head">
        <input
          className="input feature-search"
          aria-label="Search features"
          placeholder={`Search ${inspection.features.length} features`}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <label className="choice">
          <input
            type="checkbox"
            checked={unusualFirst}
            data-testid="unusual-first"
            onChange={(event) => setUnusualFirst(event.target.checked)}
          />
          Most unusual first
        </label>
        <span className="quiet">ranked among {inspection.bars} bars</span>
      </div>
      {groups.length === 0 ? <p className="soft">No feature is called that.</p> : null}
      {groups.map(([group, features]) => (
        <section key={group} aria-label={group}>
          <h4>{group}</h4>
          <ul className="inspected">
            {features.map((feature) => (
              <InspectedFeature key={feature.name} feature={feature} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function InspectedFeature({ feature: { name, value, percentile, meaning } }: { readonly feature: Feature }) {
  const percent = percentile === null ? null : Math.round(percentile * 100);
  return (
    <li>
      <button type="button" className="inspected-feature" title={meaning} aria-label={`${name}: ${meaning}`}>
        <span className="code">{name}</span>
        <span className="number">{value === null ? '–' : figure(value)}</span>
        <span
          className="percentile"
          data-unusual={percentile !== null && (percentile > 0.95 || percentile < 0.05)}
          aria-hidden="true"
        >
          {percent === null ? null : <span style={{ left: `${percent}%` }} />}
        </span>
        <span className="number quiet">{percent ?? '–'}</span>
        <span className="inspected-meaning quiet">{meaning}</span>
      </button>
    </li>
  );
}

/** By group in the models' order, or all together with the most unusual first. */
function grouped(
  features: readonly Feature[],
  query: string,
  unusualFirst: boolean,
): readonly (readonly [string, readonly Feature[]])[] {
  const found = matching(
    features,
    query,
    ({ name, group, meaning }) => `${name.replaceAll('_', ' ')} ${group} ${meaning}`,
  );
  if (found.length === 0) return [];
  if (unusualFirst) {
    const distance = ({ percentile }: Feature): number => Math.abs((percentile ?? 0.5) - 0.5);
    return [['most unusual first', found.toSorted((a, b) => distance(b) - distance(a))]];
  }
  return [...new Set(found.map(({ group }) => group))].map((group) => [
    group,
    found.filter((feature) => feature.group === group),
  ]);
}
