import type { ModelSetView, ModelsView } from '../../../core/contract/index.ts';
import { date, fixed } from '../../format/index.ts';
import { Badge, Fact, Icon } from '../../parts/index.ts';

interface SetSummaryProps {
  readonly view: ModelsView;
  readonly set: ModelSetView;
  readonly onUse: (setId: string) => Promise<void>;
}

/** Which set is in use, how old it is, and what it was made from. */
export function SetSummary({ view, set, onUse }: SetSummaryProps) {
  const { expired, ageDays, available } = view;
  const overfitting = set.probabilityOfOverfitting;
  return (
    <section className="set-summary" aria-label="Model set">
      <div className="set-name">
        <strong className="code">{set.setId}</strong>
        {expired ? (
          <Badge tone="danger" icon="warning">
            Expired: abstains
          </Badge>
        ) : (
          <Badge tone="good" icon="check">
            In use
          </Badge>
        )}
        {available.length < 2 ? null : (
          <label className="set-choice">
            <span className="quiet">Use</span>
            <select className="input" value={set.setId} onChange={(event) => void onUse(event.target.value)}>
              {available.map(({ setId, problem }) => (
                <option key={setId} value={setId} disabled={problem !== null} title={problem ?? undefined}>
                  {setId}
                  {problem === null ? '' : ' (refused)'}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <dl className="set-facts">
        <Fact name="Learned until">{date(set.trainedUntil)}</Fact>
        <Fact name="Age">{ageDays === null ? '–' : `${fixed(ageDays, 0)} days`}</Fact>
        <Fact name="Votes until">{date(set.validUntil)}</Fact>
        <Fact name="Learned from">{`${set.data.length} series of ${set.timeframe} bars`}</Fact>
        <Fact name="Trials">{String(set.trials)}</Fact>
        <Fact name="Overfitting">{overfitting === null ? '–' : `${fixed(overfitting * 100, 0)} %`}</Fact>
      </dl>
      <p className="quiet set-label">
        <Icon name="info" size={12} /> {view.message}. They estimate: {set.labelText}.
      </p>
    </section>
  );
}
