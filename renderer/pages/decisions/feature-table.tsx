import { useState } from 'react';
import { figure } from '../../format/index.ts';
import { matching } from '../../format/matching.ts';

interface FeatureTableProps {
  readonly features: Readonly<Record<string, number | null>>;
}

/** The numbers that everybody looked at. */
export function FeatureTable({ features }: FeatureTableProps) {
  const [query, setQuery] = useState('');
  const entries = Object.entries(features);
  if (entries.length === 0) return <p className="soft">None were recorded.</p>;
  const found = matching(entries, query, ([name]) => name.replaceAll('_', ' '));
  return (
    <>
      <input
        className="input feature-search"
        aria-label="Search features"
        placeholder={`Search ${entries.length} features`}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <dl className="features" aria-label="Features">
        {found.map(([name, value]) => (
          <div key={name}>
            <dt className="code">{name}</dt>
            <dd className="number">
              {value === null ? (
                <span className="quiet" title="Not enough history, or not defined on this bar">
                  no value
                </span>
              ) : (
                figure(value)
              )}
            </dd>
          </div>
        ))}
      </dl>
      {found.length === 0 ? <p className="soft">No feature is called that.</p> : null}
    </>
  );
}
