import {
  accountFaults,
  parseSymbol,
  type Settings,
  type StartableMode,
  symbolFault,
  type Timeframe,
  type VenueChoice,
  type VenueView,
} from '../../../core/contract/index.ts';
import { money, moneyDecimals, percent, quoteOf } from '../../format/index.ts';

/** What the trader has typed so far. */
export interface VenueForm {
  readonly exchange: string;
  /** Separated by commas or spaces. */
  readonly symbols: string;
  readonly timeframe: Timeframe;
  readonly rest: string;
  readonly ws: string;
  readonly proxy: string;
  readonly mode: Exclude<StartableMode, 'demo'>;
}

export function formOf({ exchange, symbols, timeframe, mode }: Settings): VenueForm {
  return {
    exchange: exchange.id,
    symbols: (symbols ?? ['BTC/USDT']).join(', '),
    timeframe,
    rest: exchange.endpoint?.rest ?? '',
    ws: exchange.endpoint?.ws ?? '',
    proxy: exchange.proxy ?? '',
    mode: mode === 'sandbox' ? 'sandbox' : 'paper',
  };
}

/** Symbols as typed, each once. A base currency may have a space in it, so that only commas part them. */
export function symbolsIn(text: string): readonly string[] {
  return [...new Set(text.split(/[,;\n]+/).map((symbol) => symbol.trim()))].filter((symbol) => symbol !== '');
}

/** Why the choice cannot be made as typed, by field; empty when it can. */
export function formFaults(form: VenueForm): { readonly [F in keyof VenueForm]?: string } {
  return {
    ...fault('symbols', symbolsFault(symbolsIn(form.symbols))),
    ...fault(
      'rest',
      form.rest === '' && form.ws !== '' ? 'is needed as well' : addressFault(form.rest, 'http'),
    ),
    ...fault('ws', addressFault(form.ws, 'ws')),
    ...fault('proxy', addressFault(form.proxy, 'http')),
  };
}

function fault(
  field: keyof VenueForm,
  message: string | undefined,
): { readonly [F in keyof VenueForm]?: string } {
  return message === undefined ? {} : { [field]: message };
}

function symbolsFault(symbols: readonly string[]): string | undefined {
  if (symbols.length === 0) return 'Name at least one, such as BTC/USDT';
  if (symbols.length > 50) return 'At most 50 are traded at a time';
  const wrong = symbols.find((symbol) => symbolFault(symbol) !== undefined);
  if (wrong !== undefined) return `${wrong}: ${symbolFault(wrong)}`;
  return accountFaults(symbols.flatMap((symbol) => parseSymbol(symbol) ?? []))[0]?.message;
}

function addressFault(text: string, protocol: 'http' | 'ws'): string | undefined {
  if (text === '') return undefined;
  const example = `must look like ${protocol}://127.0.0.1:8300`;
  if (!URL.canParse(text)) return example;
  return [`${protocol}:`, `${protocol}s:`].includes(new URL(text).protocol) ? undefined : example;
}

/** What is asked of the program. The form has no faults. */
export function choiceOf({ exchange, symbols, timeframe, rest, ws, proxy }: VenueForm): VenueChoice {
  return {
    exchange,
    symbols: [...symbolsIn(symbols)],
    timeframe,
    endpoint: rest === '' ? null : { rest, ...(ws === '' ? {} : { ws }) },
    proxy: proxy === '' ? null : proxy,
  };
}

/** Venues whose name or id has all the words, in the order given. */
export function matchingVenues(venues: readonly VenueView[], search: string): readonly VenueView[] {
  const words = search.toLowerCase().split(/\s+/);
  return venues.filter(({ id, name }) => words.every((word) => `${id} ${name}`.toLowerCase().includes(word)));
}

/** The symbols at another venue: spot markets become perpetuals where there are only those, and the other way round. */
export function symbolsFor(text: string, { markets }: Pick<VenueView, 'markets'>): string {
  return symbolsIn(text)
    .map((symbol) => {
      const market = parseSymbol(symbol);
      if (market === undefined || market.kind === 'dated' || markets.length !== 1) return symbol;
      const { base, quote } = market;
      return markets[0] === 'spot' ? `${base}/${quote}` : `${base}/${quote}:${quote}`;
    })
    .join(', ');
}

/** How far orders to a venue can be trusted. */
export function ordersWords({
  isTraded,
  isProven,
  refusals,
}: Pick<VenueView, 'isTraded' | 'isProven' | 'refusals'>): string {
  const without = refusals.length === 0 ? '' : ` No orders go to its ${refusals.join('; ')}.`;
  if (!isTraded) return `It can be traded on paper, at its real prices.${without}`;
  const words = isProven
    ? 'Orders to it were tried against a server that speaks as it does, never at the venue itself.'
    : 'Orders to it are as ccxt says and were never tried by this program: try it in the sandbox first. With real money it also needs exchange.unproven.';
  return `${words}${without}`;
}

/** Why a venue has no sandbox, or undefined where it has one. */
export function sandboxFault(venue: VenueView, { rest }: Pick<VenueForm, 'rest'>): string | undefined {
  if (!venue.isTraded) return `No order can go to this venue: ${venue.refusals.join('; ')}`;
  if (rest === '' && !venue.hasTestNetwork)
    return 'This venue has no test network: name a server of your own under “Connection”';
  return undefined;
}

/** What the length of a candle means for the models; undefined where they were made for it, or there are none. */
export function modelsNote(timeframe: Timeframe, madeFor: string | undefined): string | undefined {
  if (madeFor === undefined || madeFor === timeframe) return undefined;
  return `The models that vote were made for ${madeFor} candles and abstain at ${timeframe}: the other voters decide`;
}

/** With how much is traded, in words; undefined while it is not known in which currency. */
export function capitalNote(
  { capital, exchange: { capitalShare } }: Pick<Settings, 'capital' | 'exchange'>,
  { mode, symbols }: VenueForm,
): string | undefined {
  const [symbol] = symbolsIn(symbols);
  if (symbol === undefined || symbolFault(symbol) !== undefined) return undefined;
  const quote = quoteOf(symbol);
  const amount = `${money(capital, moneyDecimals(quote))} ${quote}`;
  const where = 'in the settings file';
  if (mode === 'paper') return `New books begin with ${amount} of paper money (capital ${where})`;
  return capitalShare === null
    ? `${amount} of the account are traded with (capital ${where})`
    : `${percent(capitalShare * 100, 0)} of what the account has free is traded with (exchange.capitalShare ${where})`;
}

/** Whether two forms ask for the same. */
export function isSameChoice(one: VenueForm, other: VenueForm): boolean {
  const asked = (form: VenueForm): string => JSON.stringify([form.mode, choiceOf(form)]);
  return asked(one) === asked(other);
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  apiKey: 'API key',
  secret: 'Secret',
  password: 'Passphrase',
  uid: 'User ID',
  login: 'Login',
  twofa: 'Two-factor secret',
  token: 'Token',
  accountId: 'Account ID',
  walletAddress: 'Wallet address',
  privateKey: 'Private key',
};

export function keyName(credential: string): string {
  return KEY_NAMES[credential] ?? credential;
}

/** Where a key is, in words; null: it is missing. */
export const KEY_PLACES = {
  keychain: "In this machine's keychain",
  vault: 'In the vault of the data directory',
  memory: 'Kept until the program ends',
  file: 'From a file outside the program',
  environment: "From the program's environment",
} as const;

export const STEP_NAMES = {
  books: 'Books',
  line: 'Connection',
  clock: 'Clock',
  symbols: 'Symbols',
  candles: 'Candles',
  fees: 'Fees',
  keys: 'Keys',
  rights: 'Rights of the keys',
  account: 'Account',
} as const;
