import { create } from 'zustand';

export const PAGES = [
  'trade',
  'decisions',
  'orders',
  'trades',
  'performance',
  'safety',
  'models',
  'analysts',
  'arena',
  'alerts',
  'health',
  'logs',
  'settings',
] as const;
export type Page = (typeof PAGES)[number];

export type Dialog = 'palette' | 'help' | 'reset' | 'release';

interface Navigation {
  readonly page: Page;
  /** The symbol the trader chose, or null for the first one traded. */
  readonly symbol: string | null;
  /** The decision shown in full. */
  readonly decisionId: string | null;
  readonly dialog: Dialog | null;
  readonly goTo: (page: Page) => void;
  readonly chooseSymbol: (symbol: string) => void;
  readonly chooseDecision: (id: string | null) => void;
  /** Goes to the page that shows one decision in full. */
  readonly openDecision: (id: string) => void;
  readonly show: (dialog: Dialog | null) => void;
}

/** Where the trader is. The page also stands in the address bar, so that a reload comes back to it. */
export const useNavigation = create<Navigation>()((set) => ({
  page: 'trade',
  symbol: null,
  decisionId: null,
  dialog: null,
  goTo: (page) => set({ page, dialog: null }),
  chooseSymbol: (symbol) => set({ symbol }),
  chooseDecision: (decisionId) => set({ decisionId }),
  openDecision: (decisionId) => set({ page: 'decisions', decisionId, dialog: null }),
  show: (dialog) => set({ dialog }),
}));

/** The page that an address names, or undefined. */
export function pageInHash(hash: string): Page | undefined {
  return PAGES.find((page) => hash === `#/${page}`);
}

/** The symbol `step` places along, round and round. */
export function neighbour(
  symbols: readonly string[],
  current: string | null,
  step: 1 | -1,
): string | undefined {
  const at = Math.max(0, symbols.indexOf(current ?? ''));
  return symbols[(at + step + symbols.length) % symbols.length];
}

/** Keeps address bar and page the same. */
export function bindAddressBar(): void {
  const follow = (): void => {
    const page = pageInHash(window.location.hash);
    if (page !== undefined && page !== useNavigation.getState().page) useNavigation.getState().goTo(page);
  };
  follow();
  window.addEventListener('hashchange', follow);
  useNavigation.subscribe(({ page }, before) => {
    if (page !== before.page) window.location.hash = `/${page}`;
  });
}
