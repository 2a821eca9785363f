import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: string;
  readonly count?: number | undefined;
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, count, aside, className = '', children }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {count === undefined ? null : <span className="panel-count number">{count}</span>}
        <div className="panel-aside">{aside}</div>
      </header>
      <div className="panel-body">{children}</div>
    </section>
  );
}

/** What stands where nothing is yet, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <p>{children}</p>}
    </div>
  );
}
