import { type DecisionView, strategyClaim } from '../../../core/contract/index.ts';
import { amount, baseOf, dateTime, elapsed, price, reasonWords } from '../../format/index.ts';
import { Badge, Fact } from '../../parts/index.ts';
import { useStatus } from '../../stores/index.ts';
import { DecisionBadge, DeedBadge } from '../decision-badge.tsx';
import { BarStrip } from './bar-strip.tsx';
import { ConsensusSum } from './consensus-sum.tsx';
import { DebatePanel } from './debate-panel.tsx';
import { EntryHindsightNote } from './entry-hindsight.tsx';
import { ExportButton } from './export-button.tsx';
import { FeatureInspector } from './feature-inspector.tsx';
import { OrdersMade } from './orders-made.tsx';
import { OutlookNote } from './outlook-note.tsx';
import { Proposal } from './proposal.tsx';
import { TradesMade } from './trades-made.tsx';
import { VerdictList } from './verdict-list.tsx';
import { VoteCards } from './vote-cards.tsx';

/** Everything that led to one decision and what came of it, on one page. */
export function DecisionDossier({ decision }: { readonly decision: DecisionView }) {
  const {
    symbol,
    timeframe,
    barOpenTime,
    time,
    regime,
    proposedBy,
    action,
    exit,
    reason,
    reasonCode,
    close,
    positionQuantity,
    thinkingMs,
  } = decision;
  const held = Number(positionQuantity);
  // A model that was down leaves its failed calls behind, also where the rules voted in its place.
  const debates = useStatus(({ content }) => content?.analysts === 'llm');
  return (
    <article
      className="panel decision-detail"
      data-testid="decision-detail"
      aria-label={`Decision on ${symbol}`}
    >
      <header className="dossier-head">
        <div className="dossier-title">
          <h2>{symbol}</h2>
          <DeedBadge decision={decision} />
          <DecisionBadge decision={decision} />
          {exit === null || proposedBy !== null ? null : <Badge>voters: {action}</Badge>}
          <Badge>{regime} market</Badge>
          <span className="quiet dossier-code sentence" title={reasonCode}>
            {reasonWords(reasonCode)}
          </span>
          <ExportButton decision={decision} />
        </div>
        <p className="dossier-reason">{reason}</p>
        <dl className="facts">
          <Fact name="Bar">
            {dateTime(barOpenTime)} <span className="quiet">{timeframe}</span>
          </Fact>
          <Fact name="Decided">{dateTime(time)}</Fact>
          {thinkingMs === null ? null : <Fact name="Thinking time">{elapsed(thinkingMs)}</Fact>}
          <Fact name="Close">{price(close)}</Fact>
          <Fact name="Held before">
            {held === 0
              ? 'nothing'
              : `${held > 0 ? 'Long' : 'Short'} ${amount(positionQuantity.replace('-', ''))} ${baseOf(symbol)}`}
          </Fact>
        </dl>
      </header>
      <div className="dossier-body">
        <BarStrip decision={decision} />
        {proposedBy === null ? null : (
          <Chapter title="Proposal" note={`${proposedBy}: ${strategyClaim(proposedBy)}`}>
            <Proposal decision={decision} />
          </Chapter>
        )}
        <Chapter title="Votes">
          <VoteCards votes={decision.votes} />
        </Chapter>
        {decision.votes.some(({ source, voter }) => source === 'llm' || (voter !== 'ensemble' && debates)) ? (
          <Chapter title="Debate" note="what each model was told, said, took and cost">
            <DebatePanel decision={decision} />
          </Chapter>
        ) : null}
        <Chapter
          title="Consensus"
          note={
            proposedBy === null
              ? `weights of a ${regime} market, shared among those who voted`
              : `weights of a ${regime} market, times what each voter’s measured record has earned it`
          }
        >
          <ConsensusSum decision={decision} />
        </Chapter>
        <Chapter title="Volatility ahead" note="how far the price may move, not where to">
          <OutlookNote decision={decision} />
        </Chapter>
        <Chapter title="Safety">
          <VerdictList decision={decision} />
        </Chapter>
        <Chapter title="Orders">
          <OrdersMade decision={decision} />
        </Chapter>
        {decision.orderIds.length === 0 ? null : (
          <Chapter title="Outcome" note="of the round trips that it opened">
            <TradesMade decision={decision} />
          </Chapter>
        )}
        <Chapter title="Hindsight" note="what the entry came to that was wanted, or would have">
          <EntryHindsightNote decision={decision} />
        </Chapter>
        <Chapter title="Features" note="as they were at the close of the bar">
          <FeatureInspector decision={decision} />
        </Chapter>
      </div>
    </article>
  );
}

interface ChapterProps {
  readonly title: string;
  readonly note?: string;
  readonly children: React.ReactNode;
}

function Chapter({ title, note, children }: ChapterProps) {
  return (
    <section className="chapter" aria-label={title}>
      <h3>
        {title} {note === undefined ? null : <span className="chapter-note quiet">{note}</span>}
      </h3>
      {children}
    </section>
  );
}
