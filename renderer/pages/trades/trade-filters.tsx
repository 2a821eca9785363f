import { FILL_PURPOSES, REGIMES } from '../../../core/contract/index.ts';
import { PURPOSE_WORDS } from '../../format/index.ts';
import { DateField } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';
import { GROUPS, type Grouping, SORTS, type Sort, type TradeSearch } from './trade-table.ts';

export interface TradeOrder {
  readonly sort: Sort;
  readonly ascending: boolean;
  readonly grouping: Grouping;
}

interface FiltersProps {
  readonly search: TradeSearch;
  readonly onSearch: (search: TradeSearch) => void;
  readonly order: TradeOrder;
  readonly onOrder: (order: TradeOrder) => void;
  /** Another one asks anew which tags there are. */
  readonly occasion: string;
}

/** By what trades are looked for, and how they stand. */
export function TradeFilters({ search, onSearch, order, onOrder, occasion }: FiltersProps) {
  const symbols = useKeys('symbol');
  const strategies = useKeys('strategy');
  const tags = useAnswer('trades.tags', {}, undefined, occasion).answer ?? [];
  const change = (changes: Partial<TradeSearch>): void => onSearch({ ...search, ...changes });
  return (
    <search className="filters trade-filters" aria-label="Trades to show">
      <Choice
        label="Symbol"
        value={search.symbol}
        options={[['', 'All symbols'], ...symbols.map((symbol) => [symbol, symbol] as const)]}
        onChoose={(symbol) => change({ symbol })}
      />
      <Choice
        label="Side"
        value={search.side}
        options={[
          ['', 'Long and short'],
          ['buy', 'Long'],
          ['sell', 'Short'],
        ]}
        onChoose={(side) => change({ side })}
      />
      <Choice
        label="Outcome"
        value={search.outcome}
        options={[
          ['', 'Won and lost'],
          ['won', 'Won'],
          ['lost', 'Not won'],
        ]}
        onChoose={(outcome) => change({ outcome })}
      />
      <Choice
        label="Strategy"
        value={search.strategy}
        options={[['', 'All strategies'], ...strategies.map((strategy) => [strategy, strategy] as const)]}
        onChoose={(strategy) => change({ strategy })}
      />
      <Choice
        label="Closed by"
        value={search.exit}
        options={[['', 'All exits'], ...FILL_PURPOSES.map((exit) => [exit, PURPOSE_WORDS[exit]] as const)]}
        onChoose={(exit) => change({ exit })}
      />
      <Choice
        label="Market when opened"
        value={search.regime}
        options={[['', 'Any market'], ...REGIMES.map((regime) => [regime, `In a ${regime} market`] as const)]}
        onChoose={(regime) => change({ regime })}
      />
      {tags.length === 0 && search.tag === '' ? null : (
        <Choice
          label="Tag"
          value={search.tag}
          options={[
            ['', 'Any tag or none'],
            ...tags.map(({ tag, trades }) => [tag, `${tag} (${trades})`] as const),
          ]}
          onChoose={(tag) => change({ tag })}
        />
      )}
      <Choice
        label="Source"
        value={search.source}
        options={[
          ['', 'This program’s'],
          ['imported', 'Imported'],
          ['all', 'Both'],
        ]}
        onChoose={(source) => change({ source })}
      />
      <DateField name="From" label="Closed from" value={search.from} onChoose={(from) => change({ from })} />
      <DateField name="To" label="Closed to" value={search.to} onChoose={(to) => change({ to })} />
      <Choice
        label="Sort by"
        value={order.sort}
        options={Object.entries(SORTS).map(([sort, { title }]) => [sort as Sort, `Sort: ${title}`] as const)}
        onChoose={(sort) => onOrder({ ...order, sort })}
      />
      <button
        type="button"
        className="button button-small"
        aria-pressed={order.ascending}
        onClick={() => onOrder({ ...order, ascending: !order.ascending })}
      >
        {order.ascending ? 'Ascending' : 'Descending'}
      </button>
      <Choice
        label="Group"
        value={order.grouping}
        options={Object.entries(GROUPS).map(([group, { title }]) => [group as Grouping, title] as const)}
        onChoose={(grouping) => onOrder({ ...order, grouping })}
      />
    </search>
  );
}

/** What there are trades of. */
function useKeys(by: 'symbol' | 'strategy'): readonly string[] {
  const { answer } = useAnswer('trades.totals', { by });
  return answer?.totals.map(({ key }) => key).filter((key) => key !== '') ?? [];
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <select
      className="input"
      aria-label={label}
      value={value}
      onChange={({ target }) => {
        const [chosen] = options[target.selectedIndex] ?? [];
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {options.map(([option, title]) => (
        <option key={option} value={option}>
          {title}
        </option>
      ))}
    </select>
  );
}
