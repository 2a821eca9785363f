import { useState } from 'react';
import {
  EXCURSION_WORDS,
  type ExcursionDimension,
  type ExcursionRow,
  type Spread,
} from '../../../core/contract/index.ts';
import { fixed, NOTHING, percent } from '../../format/index.ts';
import { type Column, Empty } from '../../parts/index.ts';
import { type Days, periodOf } from '../period.ts';
import { useAnswer } from '../use-answer.ts';
import { groupName, TableBy } from './table-by.tsx';

const DIMENSIONS = {
  all: 'All',
  strategy: 'Strategy',
  regime: 'Regime',
  exit: 'Exit',
  symbol: 'Symbol',
  side: 'Side',
} as const satisfies Readonly<Record<ExcursionDimension, string>>;

const COLUMNS: readonly Column[] = [
  { title: 'Trades', numeric: true },
  { title: 'Against', numeric: true },
  { title: 'Winners against', numeric: true },
  { title: 'In favour', numeric: true },
  { title: 'Losers in favour', numeric: true },
  { title: 'Result', numeric: true },
];

type Unit = 'r' | 'pct';

/** How far trades went against the trader and in his favour: where stops and targets belong. */
export function Excursions({ days, occasion }: { readonly days: Days; readonly occasion: string }) {
  const [by, setBy] = useState<ExcursionDimension>('strategy');
  const [unit, setUnit] = useState<Unit>('r');
  const { answer, failure } = useAnswer('trades.excursions', { by, ...periodOf(days) }, undefined, occasion);
  return (
    <TableBy
      title="Where stops and targets belong"
      name="excursions"
      what="Excursions"
      dimensions={DIMENSIONS}
      by={by}
      onBy={setBy}
      aside={
        <span className="quiet" title={Object.values(EXCURSION_WORDS).join(' ')}>
          The farthest a trade went while open: half, and 9 of 10, went no further
        </span>
      }
      choice={
        <button
          type="button"
          className="button button-small"
          aria-pressed={unit === 'pct'}
          title={EXCURSION_WORDS.r}
          onClick={() => setUnit(unit === 'r' ? 'pct' : 'r')}
        >
          {unit === 'r' ? 'In R' : 'In %'}
        </button>
      }
      failure={failure}
      columns={COLUMNS}
      empty={
        answer?.trades === 0 ? (
          <Empty title="No trade of these days has been watched">
            The prices that a trade sees are noted from its first fill on, while the program runs.
          </Empty>
        ) : null
      }
    >
      {answer?.rows.map((row) => (
        <Row key={row.key} by={by} row={row} unit={unit} />
      ))}
    </TableBy>
  );
}

interface RowProps {
  readonly by: ExcursionDimension;
  readonly row: ExcursionRow;
  readonly unit: Unit;
}

function Row({ by, row, unit }: RowProps) {
  const { adverse, favourable, winnersAdverse, losersFavourable, result } = row[unit];
  return (
    <tr>
      <td className="strong">{groupName(by, row.key)}</td>
      <td className="numeric number">{adverse.count}</td>
      {[adverse, winnersAdverse, favourable, losersFavourable].map((spread, index) => (
        // Four columns that never change their places.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <td key={index} className="numeric number" title={`of ${spread.count}`}>
          {spreadText(spread, unit)}
        </td>
      ))}
      <td className="numeric number">{figure(result, unit)}</td>
    </tr>
  );
}

function spreadText({ count, median, ninetieth }: Spread, unit: Unit): string {
  return count === 0 ? NOTHING : `${figure(median, unit)} · ${figure(ninetieth, unit)}`;
}

function figure(value: number | null, unit: Unit): string {
  if (value === null) return NOTHING;
  return unit === 'r' ? `${fixed(value, 2)} R` : percent(value);
}
