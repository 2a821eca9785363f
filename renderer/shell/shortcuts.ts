import { useEffect } from 'react';
import { neighbour, PAGES, type Page, useNavigation, useStatus } from '../stores/index.ts';
import { PAGE_NAMES } from './page-names.ts';

export interface KeyPress {
  readonly key: string;
  readonly command: boolean;
  /** The focus is where text is typed. */
  readonly typing: boolean;
}

export type Shortcut =
  | { readonly kind: 'go'; readonly page: Page }
  | { readonly kind: 'show'; readonly dialog: 'palette' | 'help' }
  | { readonly kind: 'symbol'; readonly step: 1 | -1 }
  /** The first key of a pair. */
  | { readonly kind: 'prefix' };

/** What a key means, `afterPrefix` being whether `g` came just before; undefined for any other key. */
export function shortcutOf({ key, command, typing }: KeyPress, afterPrefix: boolean): Shortcut | undefined {
  if (command) return key.toLowerCase() === 'k' ? { kind: 'show', dialog: 'palette' } : undefined;
  if (typing) return undefined;
  if (afterPrefix) {
    const page = PAGES.find((each) => PAGE_NAMES[each].key === key);
    if (page !== undefined) return { kind: 'go', page };
  }
  switch (key) {
    case 'g':
      return { kind: 'prefix' };
    case '?':
      return { kind: 'show', dialog: 'help' };
    case '[':
      return { kind: 'symbol', step: -1 };
    case ']':
      return { kind: 'symbol', step: 1 };
    default:
      return undefined;
  }
}

/** How long `g` waits for its second key. */
const PREFIX_MS = 1_000;

export function useShortcuts(): void {
  useEffect(() => {
    let prefixAt = Number.NEGATIVE_INFINITY;
    const press = (event: KeyboardEvent): void => {
      const { target, key, ctrlKey, metaKey, altKey } = event;
      const typing = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
      if (altKey || document.querySelector('dialog[open]') !== null) return;
      const shortcut = shortcutOf(
        { key, command: ctrlKey || metaKey, typing },
        event.timeStamp - prefixAt < PREFIX_MS,
      );
      prefixAt = shortcut?.kind === 'prefix' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (shortcut === undefined) return;
      event.preventDefault();
      follow(shortcut);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function follow(shortcut: Shortcut): void {
  const { goTo, show, chooseSymbol, symbol } = useNavigation.getState();
  switch (shortcut.kind) {
    case 'go':
      goTo(shortcut.page);
      return;
    case 'show':
      show(shortcut.dialog);
      return;
    case 'symbol': {
      const next = neighbour(useStatus.getState().content?.symbols ?? [], symbol, shortcut.step);
      if (next !== undefined) chooseSymbol(next);
      return;
    }
    case 'prefix':
  }
}

/** All shortcuts, for the help. */
export const SHORTCUTS: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['Ctrl', 'K'], does: 'Commands' },
  ...PAGES.map((page) => ({ keys: ['g', PAGE_NAMES[page].key], does: PAGE_NAMES[page].title })),
  { keys: ['['], does: 'Previous symbol' },
  { keys: [']'], does: 'Next symbol' },
  { keys: ['?'], does: 'This help' },
  { keys: ['Esc'], does: 'Close' },
];
