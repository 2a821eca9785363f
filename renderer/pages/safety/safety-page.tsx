import { dateTime, dateTimeSeconds, PROTECTION_WORDS } from '../../format/index.ts';
import { Badge, Empty, Panel } from '../../parts/index.ts';
import { useNavigation, usePositions, useStatus } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';
import { GaugeRows } from './gauge-rows.tsx';
import { GuardianLine } from './guardian-line.tsx';
import { KillHistory } from './kill-history.tsx';
import { SymbolLocks } from './symbol-locks.tsx';

const REFRESH_MS = 2_000;

/** What stands between a decision and the market, and how near each limit is. */
export function SafetyPage() {
  const { answer, failure, replace } = useAnswer('safety.get', {}, REFRESH_MS);
  return (
    <div className="page safety-page">
      <KillHistory />
      <GuardianLine guardian={answer?.guardian} />
      {answer === null ? (
        <Panel title="Limits">
          <Empty title={failure === null ? 'Asking for the limits' : 'The limits could not be asked for'}>
            {failure}
          </Empty>
        </Panel>
      ) : (
        <>
          <Panel title="Circuit breaker" aside={<HaltBadge halts={answer.halts.length} />}>
            <GaugeRows gauges={answer.breaker} />
            {answer.halts.map(({ code, message, until }) => (
              <p className="safety-note" key={code}>
                {message}. {until === null ? 'Only you end it.' : `Ends ${dateTime(until)} UTC.`}
              </p>
            ))}
          </Panel>
          <Panel title="Limits of entries">
            <GaugeRows gauges={answer.limits} />
            <p className="safety-note">
              Of what is open. Orders on their way count when an entry is asked about.
            </p>
          </Panel>
          <SymbolLocks locks={answer.locks} onChange={(locks) => replace({ ...answer, locks: [...locks] })} />
        </>
      )}
      <Protection />
      <Comparison />
    </div>
  );
}

function HaltBadge({ halts }: { readonly halts: number }) {
  const show = useNavigation((navigation) => navigation.show);
  const waits = useStatus(
    ({ content }) => content?.breaker.tripped === true && content.breaker.until === null,
  );
  if (halts === 0) return <Badge icon="check">within its limits</Badge>;
  return (
    <>
      <Badge tone="warning" icon="shield">
        tripped
      </Badge>
      {waits ? (
        <button type="button" className="button" onClick={() => show('release')}>
          Release…
        </button>
      ) : null}
    </>
  );
}

function Protection() {
  const positions = usePositions(({ content }) => content) ?? [];
  return (
    <Panel title="Protection" count={positions.length}>
      {positions.length === 0 ? <Empty title="Flat">No position is open.</Empty> : null}
      <dl className="safety-rows">
        {positions.map(({ symbol, protection, stopPrice }) => (
          <div key={symbol}>
            <dt>{symbol}</dt>
            <dd title={PROTECTION_WORDS[protection].meaning}>
              <Badge tone={protection === 'none' ? 'danger' : 'plain'}>
                {PROTECTION_WORDS[protection].name}
              </Badge>
              {stopPrice === null ? null : <span className="number"> {stopPrice}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Comparison() {
  const reconciliation = useStatus(({ content }) => content?.reconciliation);
  if (reconciliation === undefined) return null;
  const { green, at, differences } = reconciliation;
  return (
    <Panel
      title="Last comparison with the venue"
      aside={green ? <Badge icon="check">agrees</Badge> : <Badge tone="warning">differs</Badge>}
    >
      <p className="safety-note">
        {at === null ? 'Not yet.' : `${dateTimeSeconds(at)} UTC, the market's time.`}
      </p>
      {differences.map((difference) => (
        <p className="safety-note" key={difference}>
          {difference}
        </p>
      ))}
    </Panel>
  );
}
