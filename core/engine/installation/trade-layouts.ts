/** What a trade is read from. `worth`: its amount in the currency of its price. */
export const TRADE_COLUMNS = [
  'time',
  'symbol',
  'side',
  'price',
  'amount',
  'worth',
  'fee',
  'feeAsset',
  'feeValue',
  'id',
  'order',
  'kind',
  'balanceUnit',
  'margin',
  'misc',
] as const;
export type TradeColumn = (typeof TRADE_COLUMNS)[number];

/** How a venue writes its export of trades; headings in small letters and without what is no letter. */
export interface TradeLayout {
  /** Whose export it is, for messages; null: anybody's. */
  readonly of: string | null;
  /** What each column may be called: the first of them that a file has. */
  readonly columns: Partial<Readonly<Record<TradeColumn, readonly string[]>>>;
  /** Columns of which a file may have none and is one of these all the same. */
  readonly optional: readonly TradeColumn[];
  /** What prices are counted in there, where a pair is written without a sign between. */
  readonly quotes: readonly string[];
  /** What a fee is in that does not say so: the currency of the price, or whatever the trade brought in. */
  readonly feeIn: 'quote' | 'received';
  readonly market: 'spot' | 'perpetual';
  /** Whether what is paid is below 0. */
  readonly chargesAreNegative?: true;
  /** Names of currencies that are the venue's own, and what everybody else calls them. */
  readonly names?: ReadonlyMap<string, string>;
  /** Whether it writes years with two digits. */
  readonly hasShortYears?: true;
  /** Whether a trade is two lines: what came in and what went out. */
  readonly hasLegs?: true;
}

const BINANCE =
  'USDT USDC FDUSD TUSD BUSD USDP DAI AEUR EUR TRY BRL GBP AUD RUB UAH JPY MXN PLN ZAR ARS BTC ETH BNB XRP TRX DOGE SOL'.split(
    ' ',
  );
const BYBIT = 'USDT USDC USDE USD1 EUR BRL TRY PLN BTC ETH DAI BRZ'.split(' ');
const KRAKEN =
  'ZUSD ZEUR ZGBP ZCAD ZJPY ZAUD USD EUR GBP CAD JPY AUD CHF USDT USDC DAI XXBT XBT XETH ETH DOT'.split(' ');
const ANY = [...new Set([...BINANCE, ...BYBIT, 'USD', 'CAD', 'CHF', 'KRW'])];

/** Its old coins have an X before their names and its old currencies a Z. */
const KRAKEN_NAMES: ReadonlyMap<string, string> = new Map([
  ...['ETC', 'ETH', 'LTC', 'MLN', 'REP', 'XLM', 'XMR', 'XRP', 'ZEC'].map(
    (name) => [`X${name}`, name] as const,
  ),
  ...['AUD', 'CAD', 'EUR', 'GBP', 'JPY', 'USD'].map((name) => [`Z${name}`, name] as const),
  ...['XXBT', 'XBT'].map((name) => [name, 'BTC'] as const),
  ...['XXDG', 'XDG'].map((name) => [name, 'DOGE'] as const),
]);

/** What any other file may call them. What was traded comes before what was ordered, and before an "amount" that is the worth. */
const OTHERS: TradeLayout = {
  of: null,
  columns: {
    time: ['time', 'timestamp', 'datetime', 'date', 'dateutc', 'timeutc', 'executedat'],
    symbol: ['symbol', 'pair', 'market'],
    side: ['side', 'direction', 'type'],
    price: ['executedprice', 'avgprice', 'price'],
    amount: ['executed', 'filled', 'quantity', 'qty', 'size', 'amount'],
    fee: ['fee', 'feeamount', 'feecost', 'commission'],
    feeAsset: ['feeasset', 'feecoin', 'feecurrency', 'commissionasset'],
    feeValue: ['feeinquote', 'feevalue'],
    id: ['tradeid', 'id', 'tradenumber', 'txid'],
  },
  optional: ['fee', 'feeAsset', 'feeValue', 'id'],
  quotes: ANY,
  feeIn: 'quote',
  market: 'spot',
};

/** A column that the trader adds to any of them. */
const WORTH_OF_FEE = ['feeinquote', 'feevalue'];

/** The exports that are known, as their venues wrote them in 2017 to 2026; the first that a heading fits is meant. */
export const TRADE_LAYOUTS: readonly TradeLayout[] = [
  {
    of: 'Binance’s futures',
    columns: {
      ...{ time: ['dateutc', 'time'], symbol: ['symbol', 'pair'], side: ['side'], price: ['price'] },
      ...{
        amount: ['quantity'],
        worth: ['amount'],
        fee: ['fee'],
        feeAsset: ['feecoin'],
        margin: ['realizedprofit'],
      },
      ...{ id: ['tradeid'], feeValue: WORTH_OF_FEE },
    },
    optional: ['id', 'feeAsset', 'feeValue'],
    quotes: ['USDT', 'USDC', 'BUSD'],
    hasShortYears: true,
    feeIn: 'quote',
    market: 'perpetual',
  },
  {
    of: 'Binance’s spot',
    columns: {
      ...{ time: ['dateutc', 'time'], symbol: ['pair', 'market'], side: ['side', 'type'], price: ['price'] },
      ...{
        amount: ['executed'],
        worth: ['amount'],
        fee: ['fee'],
        feeAsset: ['feecoin'],
        feeValue: WORTH_OF_FEE,
      },
    },
    optional: ['feeAsset', 'feeValue'],
    quotes: BINANCE,
    hasShortYears: true,
    feeIn: 'quote',
    market: 'spot',
  },
  {
    of: 'Binance’s spot of before',
    columns: {
      ...{ time: ['dateutc', 'time'], symbol: ['market', 'pair'], side: ['type', 'side'], price: ['price'] },
      ...{
        amount: ['amount'],
        worth: ['total'],
        fee: ['fee'],
        feeAsset: ['feecoin'],
        feeValue: WORTH_OF_FEE,
      },
    },
    optional: ['feeValue'],
    quotes: BINANCE,
    hasShortYears: true,
    feeIn: 'quote',
    market: 'spot',
  },
  {
    of: 'Bybit’s spot',
    columns: {
      ...{
        time: ['timestamputc', 'timestamp'],
        symbol: ['spotpairs'],
        side: ['direction'],
        price: ['filledprice'],
      },
      ...{
        amount: ['filledquantity'],
        worth: ['filledvalue'],
        fee: ['execfeev', 'fees'],
        feeAsset: ['feecoin'],
      },
      ...{ id: ['transactionid'], feeValue: WORTH_OF_FEE },
    },
    optional: ['feeAsset', 'feeValue'],
    quotes: BYBIT,
    feeIn: 'received',
    market: 'spot',
  },
  {
    of: 'OKX’s',
    columns: {
      ...{ time: ['time'], symbol: ['symbol'], side: ['action'], price: ['filledprice'], amount: ['amount'] },
      ...{ fee: ['fee'], feeAsset: ['feeunit'], id: ['id'], order: ['orderid'], kind: ['tradetype'] },
      ...{ balanceUnit: ['balanceunit'], feeValue: WORTH_OF_FEE },
    },
    optional: ['id', 'feeValue'],
    quotes: [],
    feeIn: 'quote',
    market: 'spot',
    chargesAreNegative: true,
    hasLegs: true,
  },
  {
    of: 'Kraken’s',
    columns: {
      ...{
        time: ['time'],
        symbol: ['pair'],
        side: ['type'],
        price: ['price'],
        amount: ['vol'],
        worth: ['cost'],
      },
      ...{ fee: ['fee'], id: ['txid'], order: ['ordertxid'], margin: ['margin'], misc: ['misc'] },
      ...{ feeValue: WORTH_OF_FEE },
    },
    optional: ['feeValue', 'misc'],
    quotes: KRAKEN,
    feeIn: 'quote',
    market: 'spot',
    names: KRAKEN_NAMES,
  },
  {
    of: 'Coinbase’s',
    columns: {
      ...{ time: ['createdat'], symbol: ['product'], side: ['side'], price: ['price'], amount: ['size'] },
      ...{ fee: ['fee'], feeAsset: ['pricefeetotalunit'], id: ['tradeid'], feeValue: WORTH_OF_FEE },
    },
    optional: ['feeValue'],
    quotes: [],
    feeIn: 'quote',
    market: 'spot',
  },
  OTHERS,
];

export interface RecognisedHead {
  readonly layout: TradeLayout;
  /** Where each column is; absent: there is none. */
  readonly places: ReadonlyMap<TradeColumn, number>;
}

/** Whose headings these are; null: nobody's. */
export function recogniseHead(headings: readonly string[]): RecognisedHead | null {
  const names = headings.map(plainName);
  for (const layout of TRADE_LAYOUTS) {
    const places = placesIn(layout, names);
    const lacking = columnsOf(layout).filter((name) => !places.has(name) && !layout.optional.includes(name));
    if (lacking.length === 0) return { layout, places };
  }
  return null;
}

/** Which columns headings lack to be anybody's. */
export function lackingColumns(headings: readonly string[]): readonly TradeColumn[] {
  const places = placesIn(OTHERS, headings.map(plainName));
  return columnsOf(OTHERS).filter((name) => !places.has(name) && !OTHERS.optional.includes(name));
}

function columnsOf({ columns }: TradeLayout): readonly TradeColumn[] {
  return TRADE_COLUMNS.filter((name) => columns[name] !== undefined);
}

function placesIn({ columns }: TradeLayout, names: readonly string[]): ReadonlyMap<TradeColumn, number> {
  const places = new Map<TradeColumn, number>();
  for (const column of TRADE_COLUMNS) {
    const place = (columns[column] ?? []).map((name) => names.indexOf(name)).find((at) => at >= 0);
    if (place !== undefined) places.set(column, place);
  }
  return places;
}

function plainName(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z]/g, '');
}
