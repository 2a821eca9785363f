import { type FormEvent, useState } from 'react';
import type { SafetyView } from '../../../core/contract/index.ts';
import { dateTime } from '../../format/index.ts';
import { Panel } from '../../parts/index.ts';
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
  ): Promise<void> => {
    try {
      await act();
      onChange(then);
    } catch (error) {
      say('error', `${failed}: ${failureText(error)}.`);
    }
  };
  const without = (symbol: string): readonly Lock[] => locks.filter((lock) => lock.symbol !== symbol);
  return (
    <Panel title="Locked symbols" count={locks.length}>
      <dl className="safety-rows" data-testid="locks">
        {locks.map(({ symbol, until, reason }) => (
          <div key={symbol}>
            <dt>{symbol}</dt>
            <dd>
              <span>
                until {dateTime(until)} UTC: {reason}{' '}
              </span>
              <button
                type="button"
                className="button"
                onClick={() =>
                  void attempt(
                    `${symbol} was not unlocked`,
                    () => host.call('symbols.unlock', { symbol }),
                    without(symbol),
                  )
                }
              >
                Unlock
              </button>
            </dd>
          </div>
        ))}
      </dl>
      <LockForm
        onLock={(lock) =>
          attempt(`${lock.symbol} was not locked`, () => host.call('symbols.lock', lock), [
            ...without(lock.symbol),
            lock,
          ])
        }
      />
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
