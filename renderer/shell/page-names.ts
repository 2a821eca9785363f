import type { IconName } from '../parts/index.ts';
import type { Page } from '../stores/index.ts';

/** Each page's name, and the key that follows `g`. */
export const PAGE_NAMES: Readonly<
  Record<Page, { readonly title: string; readonly key: string; readonly icon: IconName }>
> = {
  trade: { title: 'Trade', key: 't', icon: 'trade' },
  decisions: { title: 'Decisions', key: 'd', icon: 'decisions' },
  orders: { title: 'Orders', key: 'o', icon: 'orders' },
  trades: { title: 'Trades', key: 'h', icon: 'trades' },
  performance: { title: 'Performance', key: 'p', icon: 'performance' },
  safety: { title: 'Safety', key: 'y', icon: 'shield' },
  models: { title: 'Models', key: 'm', icon: 'models' },
  analysts: { title: 'Analysts', key: 'n', icon: 'analysts' },
  arena: { title: 'Arena', key: 'a', icon: 'arena' },
  alerts: { title: 'Alerts', key: 'r', icon: 'bell' },
  health: { title: 'Health', key: 'e', icon: 'pulse' },
  logs: { title: 'Logs', key: 'l', icon: 'logs' },
  settings: { title: 'Settings', key: 's', icon: 'settings' },
};
