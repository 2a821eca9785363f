import { useState } from 'react';
import type { LimitName, SafetyView } from '../../../core/contract/index.ts';
import { dateTime, dateTimeSeconds, NOTHING, PROTECTION_WORDS, percent, price } from '../../format/index.ts';
import { Badge, Empty, Panel } from '../../parts/index.ts';
import { useHeard } from '../../program/freshness.ts';
import { useNavigation, usePositions, useStatus } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';
import { Drill } from './drill.tsx';
import { GaugeRows } from './gauge-rows.tsx';
import { GuardianLine } from './guardian-line.tsx';
import { KillHistory } from './kill-history.tsx';
import { Ladder } from './ladder.tsx';
import { LimitChanges } from './limit-changes.tsx';
import { LimitDialog } from './limit-dialog.tsx';
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
        <Panel title="Limits" className="safety-wide">
          <Empty title={failure === null ? 'Asking for the limits' : 'The limits could not be asked for'}>
            {failure}
          </Empty>
        </Panel>
      ) : (
        <Limits view={answer} replace={replace} />
      )}
      <Protection />
      <SignsOfLife heartbeat={answer?.heartbeat} />
      <Drill />
      <Ladder />
      <LimitChanges />
    </div>
  );
}

interface LimitsProps {
  readonly view: SafetyView;
  readonly replace: (view: SafetyView) => void;
}

function Limits({ view, replace }: LimitsProps) {
  const [changing, setChanging] = useState<LimitName | null>(null);
  const gauge = [...view.breaker, ...view.limits].find(({ setting }) => setting === changing);
  return (
    <>
      <Panel title="Circuit breaker" aside={<HaltBadge halts={view.halts.length} />}>
        <GaugeRows gauges={view.breaker} onChange={({ setting }) => setChanging(setting)} />
        {view.halts.map(({ code, message, until }) => (
          <p className="safety-note" key={code}>
            {message}. {until === null ? 'Only you end it.' : `Ends ${dateTime(until)} UTC.`}
          </p>
        ))}
      </Panel>
      <Panel title="Limits of entries">
        <GaugeRows gauges={view.limits} onChange={({ setting }) => setChanging(setting)} />
        <p className="safety-note">
          Of positions, and of entry orders on their way. What is over a limit is not sold for that: nothing
          is added to it.
        </p>
      </Panel>
      <Groups groups={view.groups} />
      <SymbolLocks locks={view.locks} onChange={(locks) => replace({ ...view, locks: [...locks] })} />
      {gauge === undefined ? null : (
        <LimitDialog
          gauge={gauge}
          armed={view.armed === true}
          onChanged={replace}
          onClose={() => setChanging(null)}
        />
      )}
    </>
  );
}

function Groups({ groups }: Pick<SafetyView, 'groups'>) {
  return (
    <Panel title="What moves together" count={groups.length}>
      {groups.length === 0 ? (
        <Empty title="Nothing is open">
          What is open is shown here by groups: symbols whose days of the last 60 correlate above 0.7.
        </Empty>
      ) : null}
      <dl className="safety-rows" data-testid="groups">
        {groups.map(({ symbols, share, known }) => (
          <div key={symbols.join()}>
            <dt className="number">{share === null ? NOTHING : percent(share * 100)}</dt>
            <dd>
              {symbols.join(', ')}
              {known ? null : <span className="quiet"> too little is known of how they move</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
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
      <dl className="safety-rows" data-testid="protection">
        {positions.map(({ symbol, quantity, protection, stopPrice }) => (
          <div key={symbol}>
            <dt>{symbol}</dt>
            <dd className="protection-row" title={PROTECTION_WORDS[protection].meaning}>
              <Badge tone={protection === 'none' ? 'danger' : 'plain'}>
                {PROTECTION_WORDS[protection].name}
              </Badge>
              <span className="number">
                {quantity}
                {stopPrice === null ? ', no stop' : `, stop at ${price(stopPrice)}`}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** When the program was last seen alive, and when its books and the venue were last compared. */
function SignsOfLife({ heartbeat }: { readonly heartbeat: SafetyView['heartbeat'] | undefined }) {
  const heard = useHeard();
  const reconciliation = useStatus(({ content }) => content?.reconciliation);
  return (
    <Panel title="Signs of life">
      <dl className="safety-rows">
        <div>
          <dt>Heartbeat</dt>
          <dd data-testid="heartbeat">
            {heard ? heartbeatText(heartbeat) : 'Not known: the program is not heard.'}
          </dd>
        </div>
        {reconciliation === undefined ? null : <Comparison {...reconciliation} />}
      </dl>
    </Panel>
  );
}

function heartbeatText(heartbeat: SafetyView['heartbeat'] | undefined): string {
  if (heartbeat === undefined) return 'Asking';
  if (heartbeat === null) return 'Not noted: tradebot kill finds this program by its --data-dir only.';
  const { ageMs, everyMs } = heartbeat;
  // A beat that is late by a whole one is one that was missed.
  return ageMs > 2 * everyMs
    ? `Late: the last one was ${(ageMs / 1_000).toFixed(1)} s ago`
    : `Every ${everyMs / 1_000} s, as it should`;
}

interface ComparisonProps {
  readonly green: boolean;
  readonly at: number | null;
  readonly differences: readonly string[];
}

function Comparison({ green, at, differences }: ComparisonProps) {
  return (
    <div>
      <dt>Comparison with the venue</dt>
      <dd>
        {green ? <Badge icon="check">agrees</Badge> : <Badge tone="warning">differs</Badge>}{' '}
        <span className="number">
          {at === null ? 'Not yet.' : `${dateTimeSeconds(at)} UTC, the market’s time`}
        </span>
        {differences.map((difference) => (
          <p className="soft" key={difference}>
            {difference}
          </p>
        ))}
      </dd>
    </div>
  );
}
