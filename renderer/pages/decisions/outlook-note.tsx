import type { DecisionView } from '../../../core/contract/index.ts';
import { dateTime } from '../../format/index.ts';
import { Icon } from '../../parts/index.ts';
import { outlookLines, standingWords } from '../outlook-lines.ts';

/** What was foretold of volatility before the bar, and what of it was used. */
export function OutlookNote({ decision: { outlook } }: { readonly decision: DecisionView }) {
  if (outlook === undefined) {
    return (
      <p className="soft sentence" data-testid="outlook">
        Nothing was foretold before this bar; costs were taken as they are set.
      </p>
    );
  }
  return (
    <div className="consensus" data-testid="outlook">
      <p className="sentence">
        {standingWords(outlook)}. Foretold by {outlook.setId} at {dateTime(outlook.at)}.
      </p>
      <dl className="verdict-numbers" aria-label="Volatility foretold">
        {outlookLines(outlook).map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      {outlook.warning === undefined ? null : (
        <p className="consensus-result" data-testid="outlook-warning">
          <Icon name="warning" />
          <span>{outlook.warning}</span>
        </p>
      )}
    </div>
  );
}
