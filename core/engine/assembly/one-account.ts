import { accountFaults, type MarketTerms } from '../../contract/index.ts';
import { type OrderLedger, parseSymbol, TraderError } from '../../domain/index.ts';

/**
 * Sees to it that money of two kinds is never added up: the markets must go together in one account, and with what
 * the account traded before, whose profit and loss is part of its equity.
 *
 * @throws TraderError with a line for each market that cannot be traded here.
 */
export function requireOneAccount(
  markets: Iterable<MarketTerms>,
  ledger: Pick<OrderLedger, 'recentOrders'>,
): void {
  const faults = accountFaults([...tradedLast(ledger), ...markets]);
  if (faults.length > 0) {
    throw new TraderError(
      'bad-input',
      faults.map(({ message }) => `settings.symbols: ${message}`),
    );
  }
}

/** The market of the newest order stands for all before it. One that would be refused itself says nothing. */
function tradedLast(ledger: Pick<OrderLedger, 'recentOrders'>): readonly MarketTerms[] {
  const markets = ledger.recentOrders({ limit: 1 }).flatMap(({ symbol }) => parseSymbol(symbol) ?? []);
  return accountFaults(markets).length === 0 ? markets : [];
}
