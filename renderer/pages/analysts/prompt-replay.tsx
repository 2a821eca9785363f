import { useState } from 'react';
import type { PromptReplay } from '../../../core/contract/index.ts';
import { fixed, shortTime } from '../../format/index.ts';
import { ActionBadge, cellClass, Empty, Panel, Table } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';

const COLUMNS = [
  { title: 'Bar' },
  { title: 'Symbol' },
  { title: 'Before' },
  { title: 'With this prompt' },
  { title: 'Cost', numeric: true },
];
const COUNTS = [5, 10, 20, 50];

interface PromptReplayPanelProps {
  readonly name: 'bull' | 'bear';
  readonly source: string;
}

/** Asks the last decisions' openings again with the draft, within the budget, and sets the answers side by side. */
export function PromptReplayPanel({ name, source }: PromptReplayPanelProps) {
  const host = useHost();
  const [last, setLast] = useState(10);
  const [rows, setRows] = useState<readonly PromptReplay[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const replay = async (): Promise<void> => {
    setAsking(true);
    try {
      setRows(await host.call('prompts.replay', { name, source, last }));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    } finally {
      setAsking(false);
    }
  };
  const changed =
    rows?.filter(({ before, after }) => after !== null && before?.action !== after.action).length ?? 0;
  return (
    <Panel
      title="Replay"
      className="replay-panel"
      aside={
        <div className="prompt-actions">
          <label>
            <span className="quiet">last</span>{' '}
            <select className="input" value={last} onChange={({ target }) => setLast(Number(target.value))}>
              {COUNTS.map((count) => (
                <option key={count}>{count}</option>
              ))}
            </select>
          </label>
          <button
            type="button"
            className="button button-small"
            data-testid="prompt-replay"
            disabled={asking}
            onClick={() => void replay()}
          >
            {asking ? 'Asking…' : 'Replay decisions with this prompt'}
          </button>
        </div>
      }
    >
      {failure === null ? null : <p className="fault difference">{failure}</p>}
      {rows === null ? (
        <Empty title="Nothing replayed yet">It costs what the calls cost; nothing is traded.</Empty>
      ) : rows.length === 0 ? (
        <Empty title="No call is stored yet">
          Replays need decisions on which a language model was asked.
        </Empty>
      ) : (
        <>
          <p className="soft difference">
            {changed} of {rows.length} would have voted another way; $
            {fixed(
              rows.reduce((sum, row) => sum + row.costUsd, 0),
              4,
            )}{' '}
            spent.
          </p>
          <Table label="Replayed decisions" columns={COLUMNS} testId="replayed">
            {rows.map(({ symbol, barOpenTime, before, after, failure: why, costUsd }) => (
              <tr key={`${symbol} ${barOpenTime}`}>
                <td className="number">{shortTime(barOpenTime)}</td>
                <td>{symbol}</td>
                <td>{before === null ? '–' : <Said said={before} />}</td>
                <td>{after === null ? <span className="soft">{why}</span> : <Said said={after} />}</td>
                <td className={`number ${cellClass(true) ?? ''}`}>${fixed(costUsd, 5)}</td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </Panel>
  );
}

function Said({ said: { action, confidence } }: { readonly said: NonNullable<PromptReplay['after']> }) {
  return (
    <>
      <ActionBadge action={action} /> <span className="number">{fixed(confidence, 2)}</span>
    </>
  );
}
