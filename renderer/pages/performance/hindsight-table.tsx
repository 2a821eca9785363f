import {
  HINDSIGHT_WORDS,
  hindsightInterval,
  hindsightPct,
  hindsightRows,
} from '../../../core/contract/index.ts';
import { Empty, Panel } from '../../parts/index.ts';
import { useAnswer } from '../use-answer.ts';

const REFRESH_MS = 10_000;

/** What each gate's refusals and each voter's word came to, with sample and interval. */
export function HindsightTable() {
  const { answer, failure } = useAnswer('hindsight.get', {}, REFRESH_MS);
  return (
    <Panel
      title="Hindsight"
      aside={
        answer === null ? null : (
          <span className="quiet">
            {answer.strategy}, {answer.pending} wait for their time to pass
          </span>
        )
      }
    >
      {answer === null ? (
        <p className="soft">{failure ?? 'Reading what came of it…'}</p>
      ) : answer.since === null ? (
        <Empty title="No entry was wanted yet">
          Each entry that is wanted is looked at again when its time has passed, also one that was refused.
        </Empty>
      ) : (
        <>
          <table className="table" data-testid="hindsight">
            <thead>
              <tr>
                <th scope="col">Entries</th>
                <th scope="col" className="numeric">
                  Number
                </th>
                <th scope="col" className="numeric">
                  Came to
                </th>
                <th scope="col" className="numeric">
                  95 % of the mean
                </th>
                <th scope="col" className="numeric">
                  Of equity
                </th>
              </tr>
            </thead>
            <tbody>
              {hindsightRows(answer).map(({ name, mean, note }) => (
                <tr key={name}>
                  <th scope="row" className="sentence">
                    {name}
                    {note === '' ? null : <div className="quiet">{note}</div>}
                  </th>
                  <td className="numeric number">{mean.count}</td>
                  <td className="numeric number">{hindsightPct(mean.meanPct)}</td>
                  <td className="numeric number">{hindsightInterval(mean)}</td>
                  <td className="numeric number">{hindsightPct(mean.sumPct)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="page-note quiet">{HINDSIGHT_WORDS}</p>
        </>
      )}
    </Panel>
  );
}
