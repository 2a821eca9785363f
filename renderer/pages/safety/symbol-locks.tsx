import { type FormEvent, useState } from 'react';
import type { SafetyView } from '../../../core/contract/index.ts';
import { dateTime } from '../../format/index.ts';
import { AskDialog, Panel } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNotices, useStatus } from '../../stores/index.ts';

type Lock = SafetyView['locks'][number];

const HOUR_MS = 3_600_000;
const SPANS = [
  { name: '4 hours', ms: 4 * HOUR_MS },
  { name: '1 day', ms: 24 * HOUR_MS },
  { name: '1 week', ms: 168 * HOUR_MS },
] as const;

interface SymbolLocksProps {
  readonly locks: readonly Lock[];
  readonly onChange: (locks: readonly Lock[]) => void;
}

/** Symbols that are not entered for a while; exits and stops go on. */
export function SymbolLocks({ locks, onChange }: SymbolLocksProps) {
  const host = useHost();
  const say = useNotices(({ add }) => add);
  const attempt = async (
    failed: string,
    act: () => Promise<unknown>,
    then: readonly Lock[],
  ): Promise<boolean> => {
    try {
      await act();
      onChange(then);
      return true;
    } catch (error) {
      say('error', `${failed}: ${failureText(error)}.`);
      return false;
    }
  };
  /** What would end a lock, or shorten it. */
  const [asked, setAsked] = useState<{ readonly lock: Lock; readonly by: Lock | null } | null>(null);
  const lock = (next: Lock): Promise<boolean> =>
    attempt(`${next.symbol} was not locked`, () => host.call('symbols.lock', { ...next, from: 'button' }), [
      ...without(next.symbol),
      next,
    ]);
  const unlock = (symbol: string): Promise<boolean> =>
    attempt(
      `${symbol} was not unlocked`,
      () => host.call('symbols.unlock', { symbol, from: 'button' }),
      without(symbol),
    );
  const without = (symbol: string): readonly Lock[] => locks.filter((lock) => lock.symbol !== symbol);
  return (
    <Panel title="Locked symbols" count={locks.length}>
      <dl className="safety-rows" data-testid="locks">
        {locks.map((each) => (
          <div key={each.symbol}>
            <dt>{each.symbol}</dt>
            <dd className="lock-row">
              <span>
                until {dateTime(each.until)} UTC: {each.reason}
              </span>
              <button
                type="button"
                className="button button-small"
                onClick={() => setAsked({ lock: each, by: null })}
              >
                Unlock…
              </button>
            </dd>
          </div>
        ))}
      </dl>
      {locks.length === 0 ? (
        <p className="safety-note">
          None. A locked symbol is not entered; its exits and stops go on. Hours are the market’s.
        </p>
      ) : null}
      <LockForm
        onLock={async (next) => {
          const before = locks.find(({ symbol }) => symbol === next.symbol);
          if (before !== undefined && next.until < before.until) setAsked({ lock: before, by: next });
          else await lock(next);
        }}
      />
      {asked === null ? null : (
        <AskDialog
          title={`${asked.by === null ? 'Unlock' : 'Shorten the lock of'} ${asked.lock.symbol}?`}
          act={asked.by === null ? 'Unlock it' : 'Shorten it'}
          tone="danger"
          testId="ask"
          onAct={() => (asked.by === null ? unlock(asked.lock.symbol) : lock(asked.by))}
          onClose={() => setAsked(null)}
        >
          <p>
            It is locked until {dateTime(asked.lock.until)} UTC: {asked.lock.reason}
          </p>
          <p>
            {asked.by === null
              ? 'From now on it may be entered again.'
              : `It may be entered again from ${dateTime(asked.by.until)} UTC on.`}
          </p>
        </AskDialog>
      )}
    </Panel>
  );
}

function LockForm({ onLock }: { readonly onLock: (lock: Lock) => Promise<void> }) {
  const symbols = useStatus(({ content }) => content?.symbols) ?? [];
  const marketTime = useStatus(({ content }) => content?.marketTime) ?? 0;
  const [chosen, setChosen] = useState('');
  const [span, setSpan] = useState(0);
  const [reason, setReason] = useState('');
  const symbol = chosen === '' ? (symbols[0] ?? '') : chosen;
  const lock = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { ms } = SPANS[span] ?? SPANS[0];
    await onLock({ symbol, until: marketTime + ms, reason: reason.trim() });
    setReason('');
  };
  return (
    <form className="safety-lock" onSubmit={(event) => void lock(event)}>
      <select
        className="input"
        aria-label="Symbol"
        value={symbol}
        onChange={(event) => setChosen(event.target.value)}
      >
        {symbols.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <select
        className="input"
        aria-label="For how long, in the market's time"
        value={span}
        onChange={(event) => setSpan(Number(event.target.value))}
      >
        {SPANS.map(({ name }, index) => (
          <option key={name} value={index}>
            {name}
          </option>
        ))}
      </select>
      <input
        className="input"
        aria-label="Why"
        placeholder="Why"
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button
        type="submit"
        className="button"
        data-testid="lock-symbol"
        disabled={symbol === '' || reason.trim() === ''}
      >
        Lock
      </button>
    </form>
  );
}
