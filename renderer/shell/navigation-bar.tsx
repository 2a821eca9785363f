import { type StatusView, strategyLabel } from '../../core/contract/index.ts';
import { Icon } from '../parts/index.ts';
import { useHeard } from '../program/freshness.ts';
import { PAGES, useNavigation, useStatus } from '../stores/index.ts';
import { PAGE_NAMES } from './page-names.ts';
import { engineState } from './standing.ts';

export function NavigationBar() {
  const current = useNavigation(({ page }) => page);
  const goTo = useNavigation((navigation) => navigation.goTo);
  const show = useNavigation((navigation) => navigation.show);
  return (
    <nav className="navigation" aria-label="Pages">
      <div className="brand">
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="22" height="22" />
        <span>LLM-TradeBot</span>
      </div>
      {PAGES.map((page) => {
        const { title, key, icon } = PAGE_NAMES[page];
        return (
          <button
            key={page}
            type="button"
            className="navigation-item"
            data-testid={`nav-${page}`}
            aria-current={page === current ? 'page' : undefined}
            title={`${title} (g ${key})`}
            onClick={() => goTo(page)}
          >
            <Icon name={icon} />
            <span className="navigation-title">{title}</span>
          </button>
        );
      })}
      <button
        type="button"
        className="navigation-item"
        title="Commands (Ctrl K)"
        onClick={() => show('palette')}
      >
        <Icon name="search" />
        <span className="navigation-title">Commands</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="navigation-space" />
      <EngineState />
    </nav>
  );
}

const ANALYST_WORDS: Readonly<Record<StatusView['analysts'], string>> = {
  rules: 'rules, no LLM',
  llm: 'LLM',
  off: 'off',
};

/** What runs behind the pages. */
function EngineState() {
  const status = useStatus(({ content }) => content);
  const heard = useHeard();
  if (status === null) return null;
  const engine = engineState(status, heard);
  const { message, strategy, analysts, llm, models, reconciliation, version, timeframe } = status;
  const standIn = llm?.standIn ?? null;
  return (
    <dl className="engine-state">
      <div title={message}>
        <dt>Engine</dt>
        <dd data-testid="engine-state" data-trading={engine.state}>
          {engine.word}
        </dd>
      </div>
      <div title={`${strategy} ${strategyLabel(strategy)}`}>
        <dt>Strategy</dt>
        <dd>
          {strategy}, {timeframe}
        </dd>
      </div>
      <div title={standIn ?? undefined}>
        <dt>Analysts</dt>
        <dd data-stand-in={standIn !== null}>{standIn === null ? ANALYST_WORDS[analysts] : 'LLM down'}</dd>
      </div>
      <div title={models.message}>
        <dt>Models</dt>
        <dd>{models.installed === 0 ? 'none' : models.installed}</dd>
      </div>
      <div>
        <dt>Ledger</dt>
        <dd>{reconciliation.green ? 'reconciled' : 'not reconciled'}</dd>
      </div>
      <div>
        <dt>Version</dt>
        <dd className="number">{version}</dd>
      </div>
    </dl>
  );
}
