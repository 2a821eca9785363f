import { type ReactNode, useId, useState } from 'react';

interface FirstFewProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  /** Shown in any case. */
  readonly limit: number;
  /** What the others are called while they are hidden. */
  readonly more: (hidden: readonly T[]) => string;
  readonly className?: string;
  readonly children: (item: T) => ReactNode;
}

/** The first few of a list; the rest behind a button, so that a long list leaves room for the page. */
export function FirstFew<T>({ label, items, limit, more, className = '', children }: FirstFewProps<T>) {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (items.length === 0) return null;
  const hidden = items.slice(limit);
  const shown = open ? items : items.slice(0, limit);
  return (
    <section
      className={`first-few ${className}`}
      aria-label={label}
      data-more={hidden.length > 0}
      data-open={open}
    >
      <div id={id} className="first-few-items">
        {shown.map(children)}
      </div>
      {hidden.length === 0 ? null : (
        <button
          type="button"
          className="first-few-more"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show fewer' : more(hidden)}
        </button>
      )}
    </section>
  );
}
