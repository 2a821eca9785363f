import { moneyDecimals, signedMoney } from '../../format/index.ts';
import { Empty, Panel } from '../../parts/index.ts';
import type { Days } from '../period.ts';
import { periodOf } from '../period.ts';
import { useAnswer } from '../use-answer.ts';
import { type CalendarDay, calendarOf } from './calendar.ts';

/** What the trades of each day came to, by the day on which they ended. */
export function CalendarHeat({ days, occasion }: { readonly days: Days; readonly occasion: string }) {
  const { answer } = useAnswer('trades.totals', { by: 'day', ...periodOf(days) }, undefined, occasion);
  const weeks = calendarOf(answer?.totals ?? []);
  return (
    <Panel
      title="Daily P&L"
      className="calendar-panel"
      aside={<span className="quiet">Ended trades, UTC</span>}
    >
      {weeks.length === 0 ? <Empty title="No trade is finished in these days" /> : null}
      <ol className="calendar" data-testid="calendar" aria-label="Net P&L of each day, week by week">
        {weeks.flat().map((day) => (
          <Day key={day.date} day={day} quote={answer?.quote ?? ''} />
        ))}
      </ol>
    </Panel>
  );
}

function Day({ day: { date, total, level }, quote }: { readonly day: CalendarDay; readonly quote: string }) {
  const net = total === null ? '' : `${signedMoney(total.netPnl, moneyDecimals(quote))} ${quote}`;
  const words =
    total === null ? `${date}: no trade` : `${date}: ${net}, ${total.wins} of ${total.trades} won`;
  return (
    <li className="calendar-day" data-level={level} title={words}>
      <span className="visually-hidden">{words}</span>
      {/* Not by colour alone. */}
      <span aria-hidden="true">{level === 0 ? '' : level > 0 ? '+' : '−'}</span>
    </li>
  );
}
