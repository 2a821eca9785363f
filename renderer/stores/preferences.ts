import { z } from 'zod';
import { create } from 'zustand';
import type { Disposer } from '../disposer.ts';
import { OVERLAY_IDS } from './overlay-ids.ts';

/** How the window looks on this machine. Nothing here reaches the program. */
export const PreferencesSchema = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('dark'),
  /** `standard`: green up, red down. `swapped`: the other way, as in East Asia. `colour-blind`: blue and orange. */
  upDown: z.enum(['standard', 'swapped', 'colour-blind']).default('standard'),
  overlays: z.array(z.enum(OVERLAY_IDS)).default(['ema20', 'ema50']),
});
export type Preferences = z.infer<typeof PreferencesSchema>;

const KEY = 'tradebot.preferences';

interface PreferencesStore extends Preferences {
  readonly change: (changes: Partial<Preferences>) => void;
}

/** What was stored, or the defaults when nothing readable was. */
export function readPreferences(stored: string | null): Preferences {
  const fallback = PreferencesSchema.parse({});
  if (stored === null) return fallback;
  try {
    return PreferencesSchema.parse(JSON.parse(stored));
  } catch {
    return fallback;
  }
}

export const usePreferences = create<PreferencesStore>()((set, get) => ({
  ...readPreferences(globalThis.localStorage?.getItem(KEY) ?? null),
  change: (changes) => {
    set(changes);
    const { theme, upDown, overlays } = get();
    globalThis.localStorage?.setItem(KEY, JSON.stringify({ theme, upDown, overlays }));
  },
}));

/** Whether the light theme is to be shown. */
export function isLight(theme: Preferences['theme'], systemPrefersLight: boolean): boolean {
  return theme === 'light' || (theme === 'system' && systemPrefersLight);
}

/** Writes the preferences to the document, where the style sheets find them; calls back when they change. */
export function applyPreferences(): void {
  const system = window.matchMedia('(prefers-color-scheme: light)');
  const apply = (): void => {
    const { theme, upDown } = usePreferences.getState();
    const { dataset } = document.documentElement;
    dataset['theme'] = isLight(theme, system.matches) ? 'light' : 'dark';
    dataset['upDown'] = upDown;
  };
  apply();
  system.addEventListener('change', apply);
  usePreferences.subscribe(apply);
}

/** Tells when the document has other colours: the style sheet's are in force by then. */
export function onAppearanceChange(listener: () => void): Disposer {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-up-down'] });
  return () => observer.disconnect();
}
