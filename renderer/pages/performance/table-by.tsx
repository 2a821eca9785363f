import type { ReactNode } from 'react';
import { FillPurposeSchema } from '../../../core/contract/index.ts';
import { NOTHING, PURPOSE_WORDS } from '../../format/index.ts';
import { type Column, Panel, Table } from '../../parts/index.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export interface TableByProps<By extends string> {
  readonly title: string;
  /** Of the panel, and of the table for tests. */
  readonly name: string;
  /** What is shown by a dimension, such as `Results`. */
  readonly what: string;
  readonly dimensions: Readonly<Record<By, string>>;
  readonly by: By;
  readonly onBy: (by: By) => void;
  readonly aside: ReactNode;
  /** Behind the dimensions. */
  readonly choice?: ReactNode;
  readonly failure: string | null;
  /** Behind the first, which is the dimension. */
  readonly columns: readonly Column[];
  /** Shown below the table when there is no row. */
  readonly empty: ReactNode;
  readonly children: ReactNode;
}

/** A table of what trades came to, by what they were. */
export function TableBy<By extends string>(props: TableByProps<By>) {
  const { title, name, what, dimensions, by, onBy, aside, choice, failure, columns, empty, children } = props;
  const names = Object.keys(dimensions).filter((each): each is By => Object.hasOwn(dimensions, each));
  return (
    <Panel title={title} className={name} aside={aside}>
      <div className="tabs" role="tablist" aria-label={`${what} by`}>
        {names.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            className="tab"
            aria-selected={each === by}
            onClick={() => onBy(each)}
          >
            {dimensions[each]}
          </button>
        ))}
        {choice}
      </div>
      {failure === null ? null : (
        <p className="fault" role="alert">
          {failure}
        </p>
      )}
      <Table
        label={`${what} by ${dimensions[by]}`}
        columns={[{ title: dimensions[by] }, ...columns]}
        testId={name}
      >
        {children}
      </Table>
      {empty}
    </Panel>
  );
}

/** What trades have in common that are in one row, in words. */
export function groupName(by: string, key: string): string {
  if (by === 'all') return 'All trades';
  if (key === '') return NOTHING;
  if (by === 'weekday') return WEEKDAYS[Number(key)] ?? key;
  if (by === 'hour') return `${key}:00`;
  if (by === 'side') return key === 'buy' ? 'Long' : 'Short';
  const purpose = by === 'exit' ? FillPurposeSchema.safeParse(key).data : undefined;
  return purpose === undefined ? key : PURPOSE_WORDS[purpose];
}
