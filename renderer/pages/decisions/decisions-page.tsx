import { useCallback, useEffect, useState } from 'react';
import { DECISION_OUTCOMES, type DecisionOutcome } from '../../../core/contract/index.ts';
import { OUTCOME_WORDS } from '../../format/index.ts';
import { Empty, Icon } from '../../parts/index.ts';
import { useNavigation, useStatus } from '../../stores/index.ts';
import { NOT_ITS_TIME } from '../decision-badge.tsx';
import { DecisionRow } from '../decision-row.tsx';
import { DecisionDossier } from './decision-dossier.tsx';
import { type DecisionFilter, EVERYTHING, isFiltering } from './decision-filter.ts';
import { useDecision, useDecisionSearch } from './use-decisions.ts';

/** Why the program traded, and why it did not, bar by bar. */
export function DecisionsPage() {
  const [filter, setFilter] = useState(EVERYTHING);
  const { decisions, failure, more, loadOlder } = useDecisionSearch(filter);
  const chosen = useNavigation((navigation) => navigation.decisionId);
  const choose = useNavigation((navigation) => navigation.chooseDecision);
  // Until the trader picks one. The first to be seen stays, since a page that changes by itself cannot be read, but for one
  // that waits for its strategy's time: it makes way for the first that was decided on.
  const [first, setFirst] = useState<string | null>(null);
  const shown = chosen ?? first;
  const selected = useDecision(shown, decisions);
  const decidedOn = decisions.find(({ proposal }) => proposal !== null)?.id ?? null;
  const newest = decidedOn ?? decisions[0]?.id ?? null;
  const waits = selected.decision?.reasonCode === NOT_ITS_TIME;
  useEffect(() => {
    if (first === null) setFirst(newest);
    else if (waits && decidedOn !== null) setFirst(decidedOn);
  }, [first, newest, waits, decidedOn]);
  const open = useCallback((id: string) => choose(id), [choose]);

  return (
    <div className="page decisions-page">
      <section className="panel decisions-side" aria-label="Decisions">
        <Filters filter={filter} onChange={setFilter} />
        {failure === null ? null : (
          <p className="fault" role="alert">
            {failure}
          </p>
        )}
        <div className="decisions-scroll">
          <ul className="decisions" data-testid="decisions-list" aria-label="Decisions">
            {decisions.map((decision) => (
              <DecisionRow
                key={decision.id}
                decision={decision}
                selected={decision.id === shown}
                onOpen={open}
              />
            ))}
          </ul>
          {more ? (
            <button type="button" className="button load-older" onClick={loadOlder}>
              Load older decisions
            </button>
          ) : null}
          {decisions.length === 0 ? (
            isFiltering(filter) ? (
              <Empty title="No decision matches">Take a filter away, or search for another word.</Empty>
            ) : (
              <Empty title="Nothing decided yet">Each symbol is decided on when its bar closes.</Empty>
            )
          ) : null}
        </div>
      </section>
      {selected.decision === null ? (
        <section className="panel decision-detail" aria-label="Decision">
          {selected.failure === null ? (
            <Empty title="No decision chosen">Pick one on the left to see everything that led to it.</Empty>
          ) : (
            <Empty title="This decision cannot be shown">{selected.failure}</Empty>
          )}
        </section>
      ) : (
        <DecisionDossier key={selected.decision.id} decision={selected.decision} />
      )}
    </div>
  );
}

interface FiltersProps {
  readonly filter: DecisionFilter;
  readonly onChange: (filter: DecisionFilter) => void;
}

function Filters({ filter, onChange }: FiltersProps) {
  const symbols = useStatus(({ content }) => content?.symbols) ?? [];
  return (
    <search className="filters">
      <label className="search">
        <Icon name="search" />
        <span className="visually-hidden">Search decisions</span>
        <input
          className="input"
          placeholder="Search reasons"
          maxLength={100}
          value={filter.search}
          onChange={(event) => onChange({ ...filter, search: event.target.value })}
        />
      </label>
      <select
        className="input"
        aria-label="Symbol"
        value={filter.symbol ?? ''}
        onChange={({ target }) => onChange({ ...filter, symbol: target.value === '' ? null : target.value })}
      >
        <option value="">All symbols</option>
        {symbols.map((symbol) => (
          <option key={symbol}>{symbol}</option>
        ))}
      </select>
      <fieldset className="segments" aria-label="Outcome">
        <Segment
          name="All"
          pressed={filter.outcome === null}
          onPress={() => onChange({ ...filter, outcome: null })}
        />
        {DECISION_OUTCOMES.map((outcome: DecisionOutcome) => (
          <Segment
            key={outcome}
            name={OUTCOME_WORDS[outcome]}
            pressed={filter.outcome === outcome}
            onPress={() => onChange({ ...filter, outcome })}
          />
        ))}
      </fieldset>
    </search>
  );
}

interface SegmentProps {
  readonly name: string;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

function Segment({ name, pressed, onPress }: SegmentProps) {
  return (
    <button type="button" className="segment" aria-pressed={pressed} onClick={onPress}>
      {name}
    </button>
  );
}
