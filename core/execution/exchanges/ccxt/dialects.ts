import { BYBIT_SPOT } from './bybit.ts';
import { BINANCE_DIALECTS, type Dialect } from './dialect.ts';

/** Venues whose words were written down here, each tried, trap by trap, against a server that speaks as it does. */
export const DIALECTS: readonly Dialect[] = [...BINANCE_DIALECTS, BYBIT_SPOT];

/** The one that is known of a venue, for one kind of market where that is named. */
export function dialectOf(id: string, kind?: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.id === id && (kind === undefined || dialect.markets === kind));
}
