import { LADDER_NOTE, type LadderView, nextRungLines, RUNG_WORDS } from '../../../core/contract/index.ts';
import { dateTime } from '../../format/index.ts';
import { Badge, Empty, Panel, Table } from '../../parts/index.ts';
import { useStatus } from '../../stores/index.ts';
import { useAnswer } from '../use-answer.ts';

/** It changes by the trader's hand, by a backtest and by a trade a day: not by the second. */
const REFRESH_MS = 30_000;
const COLUMNS = [
  { title: 'Step' },
  { title: 'Asks, before the next one' },
  { title: 'So far' },
  { title: '' },
];

/** How far the strategy in use was taken towards real money, and what is missing for the next step. */
export function Ladder() {
  const strategy = useStatus(({ content }) => content?.strategy);
  const { answer, failure } = useAnswer('ladder.get', {}, REFRESH_MS, strategy);
  return (
    <Panel title="From backtests to real money" className="safety-wide">
      {answer === null ? (
        <Empty
          title={
            failure === null ? 'Asking where the strategy stands' : 'Where it stands could not be asked for'
          }
        >
          {failure}
        </Empty>
      ) : (
        <div data-testid="ladder">
          <Steps view={answer} />
        </div>
      )}
    </Panel>
  );
}

function Steps({ view }: { readonly view: LadderView }) {
  const { strategy, version, rung, since, steps } = view;
  return (
    <>
      <p className="safety-note">
        <strong>{version === null ? strategy : `${strategy} (${version})`}</strong> stands at{' '}
        <strong>{RUNG_WORDS[rung]}</strong>
        {since === null ? '' : ` since ${dateTime(since)} UTC`}
        {nextRungLines(view).map((line) => (
          <span key={line}>; {line}</span>
        ))}
        .
      </p>
      <Table label="Steps to real money" columns={COLUMNS}>
        {steps.map((step) => (
          <tr key={step.rung} aria-current={step.rung === rung ? 'step' : undefined}>
            <td>{RUNG_WORDS[step.rung]}</td>
            <td>{step.asks}</td>
            <td>{step.has}</td>
            <td>
              <Badge tone={step.met ? 'plain' : 'warning'} icon={step.met ? 'check' : 'warning'}>
                {step.met ? 'shown' : 'missing'}
              </Badge>
            </td>
          </tr>
        ))}
      </Table>
      <p className="safety-note">{LADDER_NOTE}</p>
    </>
  );
}
