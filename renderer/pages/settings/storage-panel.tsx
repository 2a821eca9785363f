import { useState } from 'react';
import type { MirrorView, StorageView } from '../../../core/contract/index.ts';
import { duration } from '../../format/index.ts';
import { Icon, Panel } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
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
      <Backup />
      {mirror === null ? (
        <Line name="Mirror" value="off" meaning="No server is set that gets a copy (timescale.url)" />
      ) : (
        <MirrorLines mirror={mirror} />
      )}
    </dl>
  );
}

/** A copy of the books, made while the program trades. */
function Backup() {
  const host = useHost();
  const [isMaking, setMaking] = useState(false);
  const [word, setWord] = useState<{ readonly text: string; readonly failed: boolean } | null>(null);
  const make = async (): Promise<void> => {
    setMaking(true);
    setWord(null);
    try {
      const { file, bytes } = await host.call('storage.backup', {});
      setWord({ text: `${megabytes(bytes)} in ${file}`, failed: false });
    } catch (error) {
      setWord({ text: `No backup was made: ${failureText(error)}`, failed: true });
    } finally {
      setMaking(false);
    }
  };
  return (
    <div className="setting">
      <dt>
        A copy of it {word?.failed === true ? <Icon name="warning" label="Beware" /> : null}
        <span className="setting-meaning quiet">
          tradebot db backup FILE, also while it trades; tradebot db restore FILE puts it back
        </span>
        <span className="setting-meaning" role="status" data-testid="backup-word">
          {isMaking ? 'Copying; trading goes on' : word?.text}
        </span>
      </dt>
      <dd>
        <button
          type="button"
          className="button button-small"
          data-testid="back-up"
          disabled={isMaking}
          onClick={() => void make()}
        >
          Back up
        </button>
      </dd>
    </div>
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
