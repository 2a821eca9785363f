import { type ComponentType, useEffect } from 'react';
import { MODE_WORDS, STAKES } from '../format/index.ts';
import { AlertsPage } from '../pages/alerts/alerts-page.tsx';
import { AnalystsPage } from '../pages/analysts/analysts-page.tsx';
import { ArenaPage } from '../pages/arena/arena-page.tsx';
import { DecisionsPage } from '../pages/decisions/decisions-page.tsx';
import { HealthPage } from '../pages/health/health-page.tsx';
import { LogsPage } from '../pages/logs/logs-page.tsx';
import { ModelsPage } from '../pages/models/models-page.tsx';
import { OrdersPage } from '../pages/orders/orders-page.tsx';
import { PerformancePage } from '../pages/performance/performance-page.tsx';
import { SafetyPage } from '../pages/safety/safety-page.tsx';
import { SettingsPage } from '../pages/settings/settings-page.tsx';
import { TradePage } from '../pages/trade/trade-page.tsx';
import { TradesPage } from '../pages/trades/trades-page.tsx';
import { type Page, useConnection, useNavigation, useStatus } from '../stores/index.ts';
import { Banners } from './banners.tsx';
import { CommandPalette } from './command-palette.tsx';
import { ConditionNotes } from './condition-banners.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { LoginScreen } from './login-screen.tsx';
import { NavigationBar } from './navigation-bar.tsx';
import { Notices } from './notices.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { PAGE_NAMES } from './page-names.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import { useShortcuts } from './shortcuts.ts';
import { StrategyFoot } from './strategy-foot.tsx';
import { TopBar } from './top-bar.tsx';

const PAGE_COMPONENTS: Readonly<Record<Page, ComponentType>> = {
  trade: TradePage,
  decisions: DecisionsPage,
  orders: OrdersPage,
  trades: TradesPage,
  performance: PerformancePage,
  safety: SafetyPage,
  models: ModelsPage,
  analysts: AnalystsPage,
  arena: ArenaPage,
  alerts: AlertsPage,
  health: HealthPage,
  logs: LogsPage,
  settings: SettingsPage,
};

export function App() {
  const unauthorised = useConnection(({ state }) => state.kind === 'unauthorised');
  const page = useNavigation((navigation) => navigation.page);
  const mode = useStatus(({ content }) => content?.mode);
  const waiting = useStatus(({ content }) => content === null);
  useShortcuts();
  useEffect(() => {
    const title = PAGE_NAMES[page].title;
    document.title =
      mode === undefined ? 'LLM-TradeBot' : `${MODE_WORDS[mode].name}: ${title} - LLM-TradeBot`;
  }, [mode, page]);
  if (unauthorised) {
    return (
      <>
        <LoginScreen />
        <Notices />
      </>
    );
  }
  const Content = PAGE_COMPONENTS[page];
  return (
    <div className="shell" data-stake={mode === undefined ? undefined : STAKES[mode]}>
      <NavigationBar />
      <TopBar />
      <div className="shell-main">
        <Banners />
        <main className="page-area" aria-label={PAGE_NAMES[page].title}>
          <PageBoundary key={page}>{waiting ? <Waiting /> : <Content />}</PageBoundary>
        </main>
        <ConditionNotes />
        <StrategyFoot />
      </div>
      <OpenDialog />
      <Notices />
    </div>
  );
}

function OpenDialog() {
  const dialog = useNavigation((navigation) => navigation.dialog);
  switch (dialog) {
    case 'palette':
      return <CommandPalette />;
    case 'help':
      return <HelpDialog />;
    case 'reset':
      return <ResetDialog />;
    case 'release':
      return <ReleaseDialog />;
    case null:
      return null;
  }
}

function Waiting() {
  return (
    <div className="empty" role="status">
      <p className="empty-title">Waiting for the program</p>
      <p>If this stays, see whether it is still running in its terminal.</p>
    </div>
  );
}
