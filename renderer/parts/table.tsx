import type { ReactNode } from 'react';

export interface Column {
  readonly title: string;
  /** Numbers stand right, under each other. */
  readonly numeric?: boolean;
  /** Left out where the table is narrow. */
  readonly wide?: boolean;
}

interface TableProps {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A table with a head that stays. Rows are `tr`s of the caller, with cells in the columns' order. */
export function Table({ label, columns, testId, children }: TableProps) {
  return (
    <div className="table-scroll">
      <table className="table" aria-label={label} data-testid={testId}>
        <thead>
          <tr>
            {columns.map(({ title, numeric, wide }) => (
              <th key={title} scope="col" className={cellClass(numeric, wide)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export function cellClass(numeric = false, wide = false): string | undefined {
  if (!numeric && !wide) return undefined;
  return [numeric ? 'numeric' : '', wide ? 'wide' : ''].join(' ').trim();
}
