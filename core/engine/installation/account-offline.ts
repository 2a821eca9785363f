import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode, Settings } from '../../contract/index.ts';
import {
  type AccountEvent,
  assetAmount,
  type QuoteAmount,
  quoteAmount,
  SILENT_LOGGER,
  TraderError,
  text,
} from '../../domain/index.ts';
import { openDataDirectory } from '../../storage/index.ts';
import { accountQuote } from '../assembly/open-account.ts';
import { simulatedVenue } from '../assembly/simulated-venue.ts';
import { simulatedInstruments } from '../modes/simulated-instruments.ts';
import { openStores, type Stores } from './stores.ts';

/** Modes whose venue is simulated: money is paid in and out here, since there is nobody else to pay it. */
const SIMULATED: ReadonlySet<Mode> = new Set(['demo', 'replay']);

/** Deposits, withdrawals, funding and whatever else moved money by another way than a fill, oldest first. */
export function storedAccountEvents(directory: string, mode: Mode): readonly AccountEvent[] {
  if (!existsSync(join(directory, `${mode}.sqlite`))) return [];
  const stores = openStores(directory, mode);
  try {
    return [...stores.ledger.accountEvents()];
  } finally {
    stores.close();
  }
}

/**
 * Books a deposit (amount above 0) or a withdrawal on the account of a simulated mode, at its venue and in its ledger.
 *
 * @throws TraderError when the mode is none of them, its program is running, it has no account yet, or less is free.
 */
export async function transferOffline(
  directory: string,
  settings: Settings,
  amount: QuoteAmount,
): Promise<AccountEvent> {
  const { mode } = settings;
  if (!SIMULATED.has(mode)) {
    throw new TraderError(
      'bad-input',
      `${mode}: deposits and withdrawals are made at the venue, and booked from there`,
    );
  }
  if (!existsSync(join(directory, `${mode}.sqlite`))) {
    throw new TraderError(
      'bad-input',
      `there is no ${mode} account in ${directory} yet: settings.capital opens it at its first start`,
    );
  }
  const lock = openDataDirectory(directory);
  try {
    const stores = openStores(directory, mode);
    try {
      return await transfer(stores, settings, amount);
    } finally {
      stores.close();
    }
  } finally {
    lock.close();
  }
}

async function transfer(stores: Stores, settings: Settings, amount: QuoteAmount): Promise<AccountEvent> {
  const instruments = simulatedInstruments(new Map(), stores.state, SILENT_LOGGER);
  const symbols = [...instruments.keys()];
  const { appliedUntil } = stores.venue.load();
  const { venue } = simulatedVenue({
    instruments,
    settings: settings.simulation,
    capital: quoteAmount(settings.capital),
    // Where the market stood when it was last left.
    startTime: Math.max(0, ...appliedUntil.values()),
    store: stores.venue,
  });
  await venue.open({ symbols });
  const told: AccountEvent[] = [];
  const stop = venue.onEvent((event) => {
    if (event.kind === 'account') told.push(event.event);
  });
  const note = amount.isNegative() ? 'withdrawn by the trader' : 'paid in by the trader';
  venue.transfer(accountQuote(symbols), assetAmount(text(amount)), note);
  stop();
  const [event] = told;
  if (event === undefined) throw new TraderError('failure', 'the venue did not book the transfer');
  stores.ledger.appendAccountEvent(event);
  return event;
}
