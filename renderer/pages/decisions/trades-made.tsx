import type { DecisionView } from '../../../core/contract/index.ts';
import { FillPurposeSchema } from '../../../core/contract/index.ts';
import { duration, moneyDecimals, PURPOSE_WORDS, quoteOf } from '../../format/index.ts';
import { Delta, PercentDelta } from '../../parts/index.ts';
import { usePortfolio } from '../../stores/index.ts';
import { excursionText } from '../excursion-text.ts';
import { useAnswer } from '../use-answer.ts';

/** What became of the round trips that a decision opened, once they have ended. */
export function TradesMade({ decision }: { readonly decision: Pick<DecisionView, 'id'> }) {
  const count = usePortfolio(({ content }) => content?.trades);
  const { answer } = useAnswer('trades.find', { decision: decision.id }, undefined, String(count));
  if (answer === null || answer.length === 0)
    return <p className="soft">No round trip that it opened has ended.</p>;
  return (
    <ul className="orders-made" data-testid="trades-made">
      {answer.map((trade) => {
        const against = excursionText(trade.excursion, 'adverse');
        const inFavour = excursionText(trade.excursion, 'favourable');
        const purpose = FillPurposeSchema.safeParse(trade.exitReason).data;
        return (
          <li key={trade.id} className="order-made">
            <Delta amount={trade.netPnl} decimals={moneyDecimals(quoteOf(trade.symbol))} />{' '}
            <PercentDelta pct={trade.returnPct} />
            <span>
              after {duration(trade.closedAt - trade.openedAt)}, closed by{' '}
              {(purpose === undefined ? trade.exitReason : PURPOSE_WORDS[purpose]).toLowerCase()}
            </span>
            <span className="number" title={against.title}>
              {against.text} against
            </span>
            <span className="number" title={inFavour.title}>
              {inFavour.text} in favour
            </span>
          </li>
        );
      })}
    </ul>
  );
}
