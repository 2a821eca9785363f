import { type ReactNode, useEffect, useRef, useState } from 'react';
import { LOG_LEVELS, type LogLevel, type LogLine, type LogView } from '../../../core/contract/index.ts';
import { dateTimeSeconds } from '../../format/index.ts';
import { Badge, Empty, Icon, Panel, Table, type Tone } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';

const REFRESH_MS = 1_000;
const SHOWN = 300;
const EVERY = '';
const COLUMNS = [
  { title: 'Time, UTC' },
  { title: 'Level' },
  { title: 'Part' },
  { title: 'What' },
  { title: 'Symbol', wide: true },
  { title: 'Correlation id', wide: true },
];

interface Wanted {
  readonly level: LogLevel;
  readonly logger: string;
  readonly correlationId: string;
  readonly search: string;
}
const EVERYTHING: Wanted = { level: 'info', logger: EVERY, correlationId: '', search: '' };

/** What the program has written to its log, as it is written. */
export function LogsPage() {
  const [wanted, setWanted] = useState(EVERYTHING);
  const [held, setHeld] = useState<LogView | null>(null);
  const { level, logger, correlationId, search } = wanted;
  const question = {
    ...{ level, limit: SHOWN },
    ...(logger === EVERY ? {} : { logger }),
    ...(correlationId === '' ? {} : { correlationId }),
    ...(search === '' ? {} : { search }),
  };
  const { answer, failure } = useAnswer('logs.list', question, REFRESH_MS);
  const view = held ?? answer;
  const change = (part: Partial<Wanted>): void => {
    setHeld(null);
    setWanted({ ...wanted, ...part });
  };
  return (
    <div className="page logs-page">
      <Panel
        title="Logs"
        count={view?.lines.length}
        aside={
          <button
            type="button"
            className="button button-small"
            data-testid="logs-hold"
            aria-pressed={held !== null}
            disabled={view === null}
            onClick={() => setHeld(held === null ? answer : null)}
          >
            <Icon name={held === null ? 'pause' : 'play'} size={12} />
            {held === null ? 'Hold' : 'Follow'}
          </button>
        }
      >
        <Filter wanted={wanted} loggers={view?.loggers ?? []} onChange={change} />
        {view === null ? (
          <Empty title={failure === null ? 'Asking for the log' : 'The log could not be asked for'}>
            {failure}
          </Empty>
        ) : (
          <Lines lines={view.lines} follow={held === null} onId={(id) => change({ correlationId: id })} />
        )}
        {view === null ? null : <Files view={view} />}
      </Panel>
    </div>
  );
}

interface FilterProps {
  readonly wanted: Wanted;
  readonly loggers: readonly string[];
  readonly onChange: (part: Partial<Wanted>) => void;
}

function Filter({ wanted, loggers, onChange }: FilterProps) {
  const parts =
    loggers.includes(wanted.logger) || wanted.logger === EVERY ? loggers : [wanted.logger, ...loggers];
  return (
    <div className="logs-filter">
      <Field label="From level">
        <select
          className="input"
          data-testid="logs-level"
          value={wanted.level}
          onChange={(event) =>
            onChange({ level: LOG_LEVELS.find((one) => one === event.target.value) ?? 'info' })
          }
        >
          {LOG_LEVELS.map((level) => (
            <option key={level} value={level}>
              {level}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Part">
        <select
          className="input"
          data-testid="logs-logger"
          value={wanted.logger}
          onChange={(event) => onChange({ logger: event.target.value })}
        >
          <option value={EVERY}>every part</option>
          {parts.map((logger) => (
            <option key={logger} value={logger}>
              {logger}
            </option>
          ))}
        </select>
      </Field>
      <Field label="Correlation id">
        <input
          className="input"
          data-testid="logs-correlation"
          spellCheck={false}
          maxLength={100}
          value={wanted.correlationId}
          placeholder="of a decision, an order or a request"
          onChange={(event) => onChange({ correlationId: event.target.value.trim() })}
        />
      </Field>
      <Field label="Text">
        <input
          className="input"
          data-testid="logs-search"
          spellCheck={false}
          maxLength={100}
          value={wanted.search}
          onChange={(event) => onChange({ search: event.target.value })}
        />
      </Field>
    </div>
  );
}

function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child.
    <label className="field">
      {label}
      {children}
    </label>
  );
}

const TONES: Readonly<Record<LogLevel, Tone>> = {
  debug: 'plain',
  info: 'plain',
  warn: 'warning',
  error: 'danger',
};

interface LinesProps {
  readonly lines: readonly LogLine[];
  readonly follow: boolean;
  readonly onId: (id: string) => void;
}

function Lines({ lines, follow, onId }: LinesProps) {
  const end = useRef<HTMLDivElement>(null);
  const last = lines.at(-1)?.sequence;
  useEffect(() => {
    const area = end.current?.querySelector('.table-scroll');
    if (follow && last !== undefined && area != null) area.scrollTop = area.scrollHeight;
  }, [follow, last]);
  if (lines.length === 0)
    return <Empty title="No such line">Choose a lower level, or take a filter away.</Empty>;
  return (
    <div ref={end} className="logs-lines">
      <Table label="Lines of the log" columns={COLUMNS} testId="logs-lines">
        {lines.map(({ sequence, time, level, logger, message, symbol, correlationId, details }) => (
          <tr key={sequence} data-level={level}>
            <td className="number">{dateTimeSeconds(time)}</td>
            <td>
              <Badge tone={TONES[level]}>{level}</Badge>
            </td>
            <td>{logger}</td>
            <td className="logs-words">
              {message}
              {details === '' ? null : <span className="logs-details quiet">{details}</span>}
            </td>
            <td className="wide">{symbol}</td>
            <td className="wide">
              {correlationId === null ? null : (
                <button
                  type="button"
                  className="link logs-id"
                  title="Only its lines"
                  onClick={() => onId(correlationId)}
                >
                  {correlationId}
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

function Files({ view: { kept, lost, folder } }: { readonly view: LogView }) {
  return (
    <p className="safety-note quiet">
      The last {kept} lines are kept for this page; the files in <code className="code">{folder}</code> go
      further back.
      {lost === 0 ? '' : ` ${lost} lines could not be written to them: see the disk.`}
    </p>
  );
}
