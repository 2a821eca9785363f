import { type LimitChange, ORIGIN_WORDS } from '../../../core/contract/index.ts';
import { dateTimeSeconds } from '../../format/index.ts';
import { Badge, cellClass, Empty, Panel, Table } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';

const REFRESH_MS = 2_000;
const COLUMNS = [
  { title: 'When, real time UTC' },
  { title: 'What' },
  { title: 'Before' },
  { title: 'After' },
  { title: 'Effect' },
  { title: 'By', wide: true },
];

/** What the trader has changed of limits and locks. */
export function LimitChanges() {
  const { answer, failure } = useAnswer('limits.history', {}, REFRESH_MS);
  const changes = answer ?? [];
  return (
    <Panel title="Changed limits" count={answer?.length} className="safety-wide">
      {changes.length === 0 ? (
        <Empty title={failure === null ? 'No limit was changed' : 'The changes could not be asked for'}>
          {failure ?? 'Each change is kept here: what it was, what it became, who and when.'}
        </Empty>
      ) : (
        <Table label="Changed limits" columns={COLUMNS} testId="limit-changes">
          {changes.map((change) => (
            <ChangeRow key={`${change.at} ${change.what}`} change={change} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function ChangeRow({
  change: { at, what, before, after, effect, by, from },
}: {
  readonly change: LimitChange;
}) {
  return (
    <tr>
      <td className="number">{dateTimeSeconds(at)}</td>
      <td>{what}</td>
      <td className="number" title={before}>
        {before}
      </td>
      <td className="number" title={after}>
        {after}
      </td>
      <td>
        <Badge tone={effect === 'loosens' ? 'warning' : 'plain'}>{effect}</Badge>
      </td>
      <td className={cellClass(false, true)}>
        {by} {ORIGIN_WORDS[from]}
      </td>
    </tr>
  );
}
