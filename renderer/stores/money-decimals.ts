import { moneyDecimals, quoteOf } from '../format/index.ts';
import { useStatus } from './topics.ts';

/** In how many decimals the account's money is told: all its symbols have one quote currency. */
export function useMoneyDecimals(): number {
  return useStatus(({ content }) => moneyDecimals(quoteOf(content?.symbols[0] ?? '')));
}
