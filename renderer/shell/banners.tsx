import { useMemo } from 'react';
import { type PauseView, pauseWords } from '../../core/contract/index.ts';
import { dateTimeSeconds, duration, MODE_WORDS } from '../format/index.ts';
import { Icon, useNow } from '../parts/index.ts';
import { stalenessOf } from '../program/freshness.ts';
import { useHost } from '../program/host-context.ts';
import { useConnection, useNavigation, useStartup, useStatus } from '../stores/index.ts';
import { ConditionBanners } from './condition-banners.tsx';
import { KillBanner } from './kill-switch.tsx';
import { breakerText, untoldDifferences, waitsForRelease } from './standing.ts';

/** What the trader must not overlook, over the full width, most urgent first. */
export function Banners() {
  return (
    <>
      <KillBanner />
      <StartupBanner />
      <BreakerBanner />
      <PauseBanner />
      <ConditionBanners />
      <ComparisonBanner />
      <StaleBanner />
    </>
  );
}

/** Between two engines: what the window shows is the last one's. */
function StartupBanner() {
  const startup = useStartup(({ content }) => content);
  const goTo = useNavigation((navigation) => navigation.goTo);
  if (startup?.state === 'running' && startup.failed) {
    return (
      <div className="banner banner-warning" role="alert" data-testid="startup-banner">
        <Icon name="warning" />
        <span>
          <strong>What you chose could not be started</strong>: {startup.message}.
        </span>
        <button type="button" className="button" onClick={() => goTo('settings')}>
          Settings
        </button>
      </div>
    );
  }
  if (startup?.state !== 'starting') return null;
  return (
    <div className="banner banner-info" role="status" data-testid="startup-banner">
      <Icon name="clock" />
      <span>
        <strong>Starting {MODE_WORDS[startup.mode].name}</strong>
        {startup.message === '' ? '' : `: ${startup.message}`}. What is shown here is from before.
      </span>
    </div>
  );
}

function BreakerBanner() {
  const breaker = useStatus(({ content }) => content?.breaker);
  const show = useNavigation((navigation) => navigation.show);
  if (breaker === undefined || !breaker.tripped) return null;
  const waiting = waitsForRelease(breaker);
  return (
    <div className="banner banner-warning" role="alert" data-testid="breaker-banner">
      <Icon name="shield" />
      <span>
        <strong>Circuit breaker tripped</strong>
        {breakerText(breaker)}
      </span>
      {waiting ? (
        <button type="button" className="button" data-testid="release-open" onClick={() => show('release')}>
          Release…
        </button>
      ) : null}
    </div>
  );
}

function pauseText(pause: PauseView | null): string {
  if (pause === null) return '';
  return ` ${pauseWords(pause)}${pause.at === null ? '' : `, since ${dateTimeSeconds(pause.at)} UTC`}`;
}

function PauseBanner() {
  const status = useStatus(({ content }) => content);
  if (status?.trading !== 'paused') return null;
  return (
    <div className="banner banner-warning" role="status" data-testid="pause-banner">
      <Icon name="pause" />
      <span>
        <strong>Trading is paused</strong>
        {pauseText(status.pause)}. No new entries; exits go on. It stays so over a restart, until you resume.
      </span>
    </div>
  );
}

/** Says what the last comparison with the venue could not find out; what it did find has conditions of its own. */
function ComparisonBanner() {
  const status = useStatus(({ content }) => content);
  const lines = useMemo(() => (status === null ? [] : untoldDifferences(status)), [status]);
  if (status === null || lines.length === 0) return null;
  const { at } = status.reconciliation;
  return (
    <div className="banner banner-warning" role="status" data-testid="comparison-banner">
      <Icon name="unlinked" />
      <span>
        <strong>Last comparison with the venue</strong>
        {at === null ? '' : `, ${dateTimeSeconds(at)} UTC`}: {lines.join('; ')}. What differs there is not
        known until the next one.
      </span>
    </div>
  );
}

function StaleBanner() {
  const host = useHost();
  const connection = useConnection(({ state }) => state);
  const lastHeardAt = useConnection((store) => store.lastHeardAt);
  const markets = useStatus(({ content }) => content?.markets);
  const now = useNow(1_000);
  const staleness = stalenessOf(connection, lastHeardAt, markets, now);
  if (staleness === null) return null;
  const lost = staleness.extent === 'everything';
  return (
    <div className="banner banner-stale" role="status">
      <Icon name={lost ? 'unlinked' : 'feed'} />
      <span>
        <strong>{staleness.message}.</strong>
        {lost ? ' The program trades on without this window, if it is still running.' : ''}
        {connection.kind === 'disconnected' ? ` Next attempt in ${duration(connection.retryAt - now)}.` : ''}
      </span>
      {lost ? (
        <button type="button" className="button" onClick={() => host.retryNow()}>
          Connect now
        </button>
      ) : null}
    </div>
  );
}
