import type { HealthComponent, HealthState, HealthView } from '../../../core/contract/index.ts';
import { dateTimeSeconds, duration } from '../../format/index.ts';
import { Badge, Empty, type IconName, Panel, Table, type Tone, useNow } from '../../parts/index.ts';
import { useHeard } from '../../program/freshness.ts';
import { useAnswer } from '../use-answer.ts';
import { COMPONENT_NAMES, STATE_WORDS } from './health-words.ts';

const REFRESH_MS = 2_000;
const COLUMNS = [
  { title: 'Part' },
  { title: 'State' },
  { title: 'Since', numeric: true },
  { title: 'Why' },
  { title: 'What to do' },
];

/** How each part of the program does, since when, why, and what to do about it. */
export function HealthPage() {
  const { answer, failure } = useAnswer('health.get', {}, REFRESH_MS);
  if (answer === null) {
    const title = failure === null ? 'Asking how everything does' : 'How everything does could not be asked';
    return (
      <div className="page health-page">
        <Panel title="Health">
          <Empty title={title}>{failure}</Empty>
        </Panel>
      </div>
    );
  }
  return (
    <div className="page health-page">
      <Readiness view={answer} />
      <Components components={answer.components} />
    </div>
  );
}

function Readiness({ view: { ready, problems } }: { readonly view: HealthView }) {
  const heard = useHeard();
  const words = readinessWords(ready, heard);
  return (
    <Panel
      title="Can it trade as told?"
      aside={
        <Badge tone={words.tone} icon={words.icon}>
          {words.badge}
        </Badge>
      }
    >
      {problems.length === 0 ? (
        <p className="safety-note">Nothing stands against it.</p>
      ) : (
        <ul className="health-problems" data-testid="health-problems">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <p className="safety-note quiet">
        The same at <code className="code">/api/v1/health</code> (503 when it is not ready);{' '}
        <code className="code">/health</code> says whether it is alive, which an emergency stop never ends;
        figures for Prometheus are at <code className="code">/metrics</code>.
      </p>
    </Panel>
  );
}

function readinessWords(ready: boolean, heard: boolean) {
  if (!heard) return { badge: 'not known', tone: 'warning', icon: 'warning' } as const;
  return ready
    ? ({ badge: 'ready', tone: 'good', icon: 'check' } as const)
    : ({ badge: 'not ready', tone: 'danger', icon: 'warning' } as const);
}

const LOOKS: Readonly<Record<HealthState, { readonly tone: Tone; readonly icon?: IconName }>> = {
  ok: { tone: 'good', icon: 'check' },
  degraded: { tone: 'warning', icon: 'warning' },
  failed: { tone: 'danger', icon: 'cross' },
  off: { tone: 'plain' },
};

function Components({ components }: { readonly components: readonly HealthComponent[] }) {
  const now = useNow(1_000);
  const wrong = components.filter(({ state }) => state === 'degraded' || state === 'failed');
  return (
    <Panel title="Parts" count={components.length} aside={<WrongBadge count={wrong.length} />}>
      <Table label="Parts of the program" columns={COLUMNS} testId="health-components">
        {components.map(({ id, state, since, reason, advice }) => (
          <tr key={id} data-component={id} data-state={state}>
            <td>{COMPONENT_NAMES[id]}</td>
            <td>
              <Badge {...LOOKS[state]}>{STATE_WORDS[state]}</Badge>
            </td>
            <td className="numeric" title={`${dateTimeSeconds(since)} UTC`}>
              {duration(Math.max(0, now - since))}
            </td>
            <td className="health-words">{reason}</td>
            <td className="health-words">{advice}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function WrongBadge({ count }: { readonly count: number }) {
  if (count === 0) return <Badge tone="plain">nothing is wrong</Badge>;
  return (
    <Badge tone="warning" icon="warning">
      {count === 1 ? '1 is not well' : `${count} are not well`}
    </Badge>
  );
}
