import { useNavigation, useStatus } from '../stores/index.ts';

const NONE: readonly string[] = [];

/** The symbols traded, and the one looked at: the trader's choice while it is traded, else the first. */
export function useSymbol(): { readonly symbols: readonly string[]; readonly symbol: string | undefined } {
  const symbols = useStatus(({ content }) => content?.symbols) ?? NONE;
  const chosen = useNavigation((navigation) => navigation.symbol);
  const symbol = chosen !== null && symbols.includes(chosen) ? chosen : symbols[0];
  return { symbols, symbol };
}
