import { dateTime, duration } from '../format/index.ts';
import { Icon, useNow } from '../parts/index.ts';
import { stalenessOf } from '../program/freshness.ts';
import { useHost } from '../program/host-context.ts';
import { useConnection, useStatus } from '../stores/index.ts';
import { KillBanner } from './kill-switch.tsx';

/** What the trader must not overlook, over the full width, most urgent first. */
export function Banners() {
  return (
    <>
      <KillBanner />
      <BreakerBanner />
      <ReconciliationBanner />
      <StaleBanner />
    </>
  );
}

function BreakerBanner() {
  const breaker = useStatus(({ content }) => content?.breaker);
  if (breaker === undefined || !breaker.tripped) return null;
  const { reason, until } = breaker;
  return (
    <div className="banner banner-warning" role="alert">
      <Icon name="shield" />
      <span>
        <strong>Circuit breaker tripped</strong>
        {reason === null ? '' : `: ${reason}`}. No new positions
        {until === null ? '' : ` until ${dateTime(until)} UTC`}; exits and stops go on.
      </span>
    </div>
  );
}

function ReconciliationBanner() {
  const reconciliation = useStatus(({ content }) => content?.reconciliation);
  if (reconciliation === undefined || reconciliation.differences.length === 0) return null;
  return (
    <div className="banner banner-warning" role="alert">
      <Icon name="warning" />
      <span>
        <strong>Ledger and venue differ</strong>: {reconciliation.differences.join('; ')}. Only reducing
        orders are allowed until this is resolved.
      </span>
    </div>
  );
}

function StaleBanner() {
  const host = useHost();
  const connection = useConnection(({ state }) => state);
  const lastHeardAt = useConnection((store) => store.lastHeardAt);
  const feed = useStatus(({ content }) => content?.feed);
  const now = useNow(1_000);
  const staleness = stalenessOf(connection, lastHeardAt, feed, now);
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
