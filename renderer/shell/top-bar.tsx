import { COST_GATE_CONDITION, type StatusView } from '../../core/contract/index.ts';
import { dateTime, duration, MODE_WORDS, money, STAKES, speed, TRADING_WORDS } from '../format/index.ts';
import { Delta, Icon } from '../parts/index.ts';
import { useCommands } from '../program/commands.ts';
import { useStale } from '../program/freshness.ts';
import { useConnection, useMoneyDecimals, useNavigation, usePortfolio, useStatus } from '../stores/index.ts';
import { AlertsButton } from './alerts.tsx';
import { KillSwitchButton } from './kill-switch.tsx';

/** Whose money, what time, is it live, how much: and the two ways to stop. */
export function TopBar() {
  return (
    <header className="top-bar">
      <div className="top-bar-state">
        <ModeBanner />
        <CostGateChip />
        <MarketClock />
        <ConnectionChip />
        <FeedChip />
      </div>
      <Account />
      <AlertsButton />
      <PauseButton />
      <KillSwitchButton />
    </header>
  );
}

function ModeBanner() {
  const mode = useStatus(({ content }) => content?.mode);
  // A market that is made up or played back is nobody's.
  const exchange = useStatus(({ content }) => (content?.venue == null ? null : content.exchange));
  const goTo = useNavigation((navigation) => navigation.goTo);
  if (mode === undefined) return <div className="mode-banner" data-testid="mode-banner" />;
  const { name, meaning } = MODE_WORDS[mode];
  return (
    <div className="mode-banner" data-stake={STAKES[mode]} data-testid="mode-banner" title={meaning}>
      <strong>{name}</strong>
      {exchange === null ? null : <span className="mode-venue">{exchange}</span>}
      <span className="mode-meaning">{meaning}</span>
      {mode === 'demo' ? (
        <button
          type="button"
          className="mode-next"
          data-testid="choose-venue"
          title="Choose a venue and trade its real prices on paper"
          onClick={() => goTo('settings')}
        >
          Choose a venue…
        </button>
      ) : null}
    </div>
  );
}

/** Beside the mode: it is as much a matter of what is at stake. */
function CostGateChip() {
  const message = useStatus(
    ({ content }) => content?.conditions.find(({ id }) => id === COST_GATE_CONDITION)?.message,
  );
  if (message === undefined) return null;
  return (
    <div className="chip chip-stake" data-tone="warning" data-testid="cost-gate-chip" title={message}>
      <Icon name="warning" />
      <span>Cost gate off</span>
    </div>
  );
}

function MarketClock() {
  const at = useStatus(({ content }) => content?.marketTime);
  const factor = useStatus(({ content }) => content?.speed);
  if (at === undefined || factor === undefined) return null;
  return (
    <div className="chip" title="The market's time, and how fast it runs">
      <Icon name="clock" />
      <span className="number">{dateTime(at)}</span>
      <span className="chip-detail">UTC, {speed(factor)}</span>
    </div>
  );
}

const CONNECTION_WORDS = {
  connecting: 'Connecting',
  connected: 'Connected',
  disconnected: 'Disconnected',
  unauthorised: 'Not logged in',
} as const;

function ConnectionChip() {
  const state = useConnection((store) => store.state);
  const connected = state.kind === 'connected';
  return (
    <div
      className="chip"
      data-tone={connected ? 'good' : 'warning'}
      data-testid="connection-state"
      role="status"
    >
      <Icon name={connected ? 'link' : 'unlinked'} />
      <span>{CONNECTION_WORDS[state.kind]}</span>
    </div>
  );
}

function FeedChip() {
  const feed = useStatus(({ content }) => content?.feed);
  const markets = useStatus(({ content }) => content?.markets);
  const connected = useConnection(({ state }) => state.kind === 'connected');
  if (feed === undefined || markets === undefined) return null;
  const { lastMessageAgeMs, gaps } = feed;
  const stale = feed.stale || !connected;
  const age = lastMessageAgeMs === null ? 'none yet' : duration(lastMessageAgeMs);
  const title = `Age of the last market message, of the symbol whose is oldest. Bars missing so far: ${gaps}`;
  return (
    <div className="chip" data-tone={stale ? 'warning' : 'good'} title={title}>
      <Icon name={stale ? 'warning' : 'feed'} />
      <span>{connected ? feedWords(markets) : 'Feed not known'}</span>
      {connected ? <span className="chip-detail number">{age}</span> : null}
    </div>
  );
}

/** How much of the market data is too old to enter on. */
export function feedWords(markets: StatusView['markets']): string {
  const stale = markets.filter((market) => market.stale).length;
  if (stale === 0) return 'Feed';
  return stale === markets.length ? 'Feed stale' : `${stale} of ${markets.length} feeds stale`;
}

function Account() {
  const equity = usePortfolio(({ content }) => content?.equity);
  const dailyPnl = usePortfolio(({ content }) => content?.dailyPnl);
  const mode = useStatus(({ content }) => content?.mode);
  const decimals = useMoneyDecimals();
  const stale = useStale();
  if (equity === undefined || dailyPnl === undefined) return null;
  const paper = mode !== undefined && STAKES[mode] === 'paper';
  const before = Number(equity) - Number(dailyPnl);
  return (
    <dl className="account-strip" data-stale={stale}>
      <div>
        <dt>{paper ? 'Paper equity' : 'Equity'}</dt>
        <dd className="number" data-testid="equity">
          {money(equity, decimals)}
        </dd>
      </div>
      <div>
        <dt>Today</dt>
        <dd>
          <Delta
            amount={dailyPnl}
            decimals={decimals}
            pct={before > 0 ? (Number(dailyPnl) / before) * 100 : undefined}
            testId="pnl"
          />
        </dd>
      </div>
    </dl>
  );
}

function PauseButton() {
  const trading = useStatus(({ content }) => content?.trading);
  const { pause, resume } = useCommands();
  const paused = trading === 'paused';
  const possible = paused || trading === 'running';
  const title = paused
    ? 'New positions are not opened; exits and stops go on. Press to trade again'
    : 'Opens no new positions; exits and stops go on';
  return (
    <button
      type="button"
      className="button pause-button"
      data-testid="pause-button"
      data-paused={paused}
      disabled={!possible}
      title={
        possible
          ? title
          : `Trading is ${trading === undefined ? 'not known' : TRADING_WORDS[trading].toLowerCase()}`
      }
      onClick={() => void (paused ? resume() : pause())}
    >
      <Icon name={paused ? 'play' : 'pause'} />
      <span className="button-label">{paused ? 'Resume' : 'Pause'}</span>
    </button>
  );
}
