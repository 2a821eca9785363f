import type { ReactNode } from 'react';

/** One of a list of facts: what it is, and how it is. Stands in a `<dl className="facts">` or the like. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}
