import type { MirrorView, StorageView } from '../../../core/contract/index.ts';
import { duration } from '../../format/index.ts';
import { Icon, Panel } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';
import { growthWords, megabytes, mirrorWords } from './storage-words.ts';

const REFRESH_MS = 5_000;
/** Files that are shown by themselves: the others are small. */
const LARGEST = 4;

/** What the program keeps on the disk, how it grows, and how the server does that mirrors it. */
export function StoragePanel() {
  const { answer, failure } = useAnswer('storage.get', {}, REFRESH_MS);
  if (answer === null && failure === null) return null;
  return (
    <Panel title="What is kept" className="settings-group">
      {failure === null ? null : <p className="quiet setting-note">{failure}</p>}
      {answer === null ? null : <Lines view={answer} />}
    </Panel>
  );
}

function Lines({ view: { growth, mirror } }: { readonly view: StorageView }) {
  return (
    <dl data-testid="storage">
      <Line name="On the disk" value={megabytes(growth.bytes)} meaning={growthWords(growth.bytesPerDay)} />
      {growth.files.slice(0, LARGEST).map(({ name, bytes, bytesPerDay }) => (
        <Line key={name} name={name} value={megabytes(bytes)} meaning={growthWords(bytesPerDay)} />
      ))}
      <Line
        name="A copy of it"
        value="db backup"
        meaning="tradebot db backup FILE, also while it trades; tradebot db restore FILE puts it back"
      />
      {mirror === null ? (
        <Line name="Mirror" value="off" meaning="No server is set that gets a copy (timescale.url)" />
      ) : (
        <MirrorLines mirror={mirror} />
      )}
    </dl>
  );
}

function MirrorLines({ mirror }: { readonly mirror: MirrorView }) {
  const { backlog, lagMs, rowsPerSecond, lastError, notices } = mirror;
  return (
    <>
      <Line
        name="Mirror"
        value={mirrorWords(mirror)}
        meaning={lastError ?? 'The server that gets a copy of the books'}
        warning={mirror.state !== 'up' || lastError !== null}
      />
      <Line
        name="Not told yet"
        value={`${backlog} rows`}
        meaning={lagMs === null ? 'It was never told everything' : `${duration(lagMs)} behind`}
      />
      <Line
        name="Last speed"
        value={rowsPerSecond === null ? 'nothing told yet' : `${rowsPerSecond} rows/s`}
        meaning={notices.join('; ') || 'The server has all that is used of TimescaleDB'}
      />
    </>
  );
}

interface LineProps {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
  readonly warning?: boolean;
}

function Line({ name, value, meaning, warning = false }: LineProps) {
  return (
    <div className="setting">
      <dt>
        {name} {warning ? <Icon name="warning" label="Beware" /> : null}
        <span className="setting-meaning quiet">{meaning}</span>
      </dt>
      <dd className="number">{value}</dd>
    </div>
  );
}
