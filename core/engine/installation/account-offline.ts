import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode, Settings } from '../../contract/index.ts';
import {
  type AccountEvent,
  accountEventId,
  add,
  assetAmount,
  type QuoteAmount,
  quoteAmount,
  SILENT_LOGGER,
  subtract,
  TraderError,
  text,
} from '../../domain/index.ts';
import { Portfolio } from '../../portfolio/index.ts';
import { openDataDirectory } from '../../storage/index.ts';
import { accountQuote } from '../assembly/open-account.ts';
import { simulatedVenue } from '../assembly/simulated-venue.ts';
import { simulatedInstruments } from '../modes/simulated-instruments.ts';
import { type BooksSettings, storeNames } from './store-names.ts';
import { openStores, type Stores } from './stores.ts';

/** Modes whose venue is simulated: money is paid in and out here, since there is nobody else to pay it. */
const SIMULATED: ReadonlySet<Mode> = new Set(['demo', 'replay']);
/** Modes that trade with a part of the trader's account at a venue: he says here how large that part is. */
const ALLOTTED: ReadonlySet<Mode> = new Set(['sandbox', 'live']);
const ALLOTMENT = 'allotment-';

/** Deposits, withdrawals, funding and whatever else moved money by another way than a fill, oldest first. */
export function storedAccountEvents(directory: string, settings: BooksSettings): readonly AccountEvent[] {
  const names = storeNames(directory, settings);
  if (!existsSync(join(directory, `${names.account}.sqlite`))) return [];
  const stores = openStores(directory, settings.mode, undefined, names);
  try {
    return [...stores.ledger.accountEvents()];
  } finally {
    stores.close();
  }
}

/**
 * Books a deposit (amount above 0) or a withdrawal: on the account of a simulated mode at its venue and in its ledger;
 * in a mode that trades at a real venue in its ledger alone, which allots more or less of what the trader has there.
 *
 * @throws TraderError when the mode is none of them, its program is running, it has no account yet, or less is free.
 */
export async function transferOffline(
  directory: string,
  settings: Settings,
  amount: QuoteAmount,
): Promise<AccountEvent> {
  const { mode } = settings;
  if (!SIMULATED.has(mode) && !ALLOTTED.has(mode)) {
    throw new TraderError('bad-input', `${mode}: this mode has no account to pay in or out`);
  }
  if (!existsSync(join(directory, `${mode}.sqlite`))) {
    throw noAccount(mode, directory);
  }
  const lock = openDataDirectory(directory);
  try {
    const stores = openStores(directory, mode);
    try {
      if (SIMULATED.has(mode)) return await transfer(stores, settings, amount);
      const event = allotment(stores.ledger, amount);
      if (event === undefined) throw noAccount(mode, directory);
      stores.ledger.appendAccountEvent(event);
      return event;
    } finally {
      stores.close();
    }
  } finally {
    lock.close();
  }
}

/** So much more, or less, of the trader's account is traded with. Undefined where none was opened. */
function allotment(ledger: Stores['ledger'], amount: QuoteAmount): AccountEvent | undefined {
  const accountEvents = [...ledger.accountEvents()];
  const opening = accountEvents.find(({ kind }) => kind === 'opening');
  if (opening === undefined) return undefined;
  const { asset: quote } = opening;
  const history = { fills: ledger.fills(), accountEvents, equity: [] };
  // Lots make no difference to assets.
  const cash = new Portfolio({ quote, instruments: () => undefined, history }).assets().get(quote);
  const left = add(amount, quoteAmount(cash?.toFixed() ?? 0));
  if (left.isNegative()) {
    const held = text(subtract(left, amount));
    throw new TraderError('bad-input', `only ${held} ${quote} of what is traded with are not in positions`);
  }
  const number = accountEvents.filter(({ id }) => id.startsWith(ALLOTMENT)).length + 1;
  return {
    id: accountEventId(`${ALLOTMENT}${number}`),
    kind: amount.isNegative() ? 'withdrawal' : 'deposit',
    asset: quote,
    amount: assetAmount(text(amount)),
    quoteValue: amount,
    symbol: null,
    tradeId: null,
    time: Math.max(...accountEvents.map(({ time }) => time)),
    note: amount.isNegative() ? 'given back to the trader' : 'allotted by the trader',
  };
}

function noAccount(mode: Mode, directory: string): TraderError {
  return new TraderError(
    'bad-input',
    `there is no ${mode} account in ${directory} yet: settings.capital opens it at its first start`,
  );
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
