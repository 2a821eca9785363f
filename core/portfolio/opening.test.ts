import { describe, expect, test } from 'vitest';
import {
  type AccountSnapshot,
  assetAmount,
  type LedgerAccountEvent,
  quoteAmount,
  text,
} from '../domain/index.ts';
import { type OpeningFacts, openAccount } from './index.ts';
import { accountEvent, external, fill, MONDAY, OPENING, portfolioOf } from './testing/account.ts';

const NOW = MONDAY + 9_000;

const holding = (assets: Readonly<Record<string, string>>): AccountSnapshot => ({
  time: NOW,
  assets: new Map(
    Object.entries(assets).map(([asset, amount]) => {
      const total = assetAmount(amount);
      return [asset, { total, free: total }];
    }),
  ),
  positions: new Map(),
});

const recorded = (...events: readonly (typeof OPENING)[]): readonly LedgerAccountEvent[] =>
  events.map((event) => ({ ...event, afterFills: 0 }));

/** What is booked, as `kind asset amount worth`, and what the trader is told. */
function opened(facts: Partial<OpeningFacts>) {
  const { events, notice } = openAccount({
    quote: 'USDT',
    capital: quoteAmount(10_000),
    fills: [],
    accountEvents: [],
    account: 'ours',
    held: null,
    now: NOW,
    ...facts,
  });
  const booked = events.map(
    ({ kind, asset, amount, quoteValue }) => `${kind} ${asset} ${text(amount)} ${text(quoteValue)}`,
  );
  return { events, booked, notice };
}

/** Bought 10 at 100 and sold them at 70.2: 298 lost and 2 paid in fees. */
const LOSS = [
  fill('buy', '10', '100', { fee: '1', time: MONDAY + 5 }),
  fill('sell', '10', '70.2', { fee: '1', time: MONDAY + 6 }),
];
const TWENTY = { capital: quoteAmount(20_000) };

describe('a new account', () => {
  test.each<[string, Partial<OpeningFacts>]>([
    ['nothing', {}],
    ['the same', { held: holding({ USDT: '10000' }) }],
    [
      'another amount, in an account that is not ours alone',
      { account: 'shared', held: holding({ USDT: '7' }) },
    ],
  ])('opens with the capital of the settings where the venue tells %s', (_what, facts) => {
    expect(opened(facts)).toMatchObject({ booked: ['opening USDT 10000 10000'], notice: null });
  });

  test('opens now, under an id of its own, and says where the amount is from', () => {
    expect(opened({}).events).toMatchObject([
      { id: 'opening', time: NOW, symbol: null, tradeId: null, note: 'settings.capital' },
    ]);
  });

  test.each([
    ['9500', '-500', '`tradebot account withdraw 500` books the difference'],
    ['12000', '2000', '`tradebot account deposit 2000` books the difference'],
  ])('of ours alone that holds %s is told what the settings are off by: %s', (held, _difference, command) => {
    const { booked, notice } = opened({ held: holding({ USDT: held }) });
    expect(booked).toEqual(['opening USDT 10000 10000']);
    expect(notice).toBe(
      `settings.capital is 10000, but without our trades the venue would hold ${held} USDT: this account was opened with settings.capital; ${command}`,
    );
  });

  test('of ours alone that holds nothing at all is told so too', () => {
    const { booked, notice } = opened({ held: holding({}) });
    expect(booked).toEqual(['opening USDT 10000 10000']);
    expect(notice).toContain('the venue would hold 0 USDT');
    expect(notice).toContain('`tradebot account withdraw 10000`');
  });

  test('names other assets that are there, without counting them', () => {
    const { events, booked } = opened({ held: holding({ USDT: '10000', BNB: '5', DUST: '0' }) });
    expect(booked).toEqual(['opening USDT 10000 10000', 'external BNB 5 0']);
    const portfolio = portfolioOf({ accountEvents: events });
    expect([text(portfolio.equity()), portfolio.assets().get('BNB')?.toFixed()]).toEqual(['10000', '5']);
  });
});

describe('the books of a version that wrote no opening', () => {
  test('open with what the venue holds less what the trades did, whatever the settings say by now', () => {
    const { events, booked, notice } = opened({
      ...TWENTY,
      fills: LOSS,
      held: holding({ USDT: '9700', BTC: '0' }),
    });
    expect(booked).toEqual(['opening USDT 10000 10000']);
    // What others did before is in it.
    expect(events[0]?.time).toBe(NOW);
    expect(notice).toBe(
      'settings.capital is 20000, but without our trades the venue would hold 10000 USDT: this account was opened with that; `tradebot account deposit 10000` books the difference',
    );
    // What the venue holds is what we say we have.
    expect(text(portfolioOf({ fills: LOSS, accountEvents: events }).equity())).toBe('9700');
  });

  test('tell nothing where the settings agree', () => {
    const fills = [
      ...LOSS,
      fill('buy', '1', '100', { asset: 'BTC', coins: '0.001', fee: '0.1', time: MONDAY }),
    ];
    const { booked, notice } = opened({ fills, held: holding({ USDT: '9600', BTC: '0.999' }) });
    expect([booked, notice]).toEqual([['opening USDT 10000 10000'], null]);
  });

  test('take what else is there for found, to the last digit', () => {
    const fills = [
      ...LOSS,
      fill('buy', '1', '100', { asset: 'BNB', coins: '0.000000000000000001', fee: '0.1' }),
    ];
    const { booked } = opened({ fills, held: holding({ USDT: '9600', BTC: '3', BNB: '1' }) });
    expect(booked).toEqual([
      'opening USDT 10000 10000',
      'external BTC 2 0',
      'external BNB 1.000000000000000001 0',
    ]);
  });

  test('count a perpetual by its realised profit', () => {
    const symbol = 'BTC/USDT:USDT';
    const fills = [
      fill('buy', '10', '100', { symbol, fee: '1' }),
      fill('sell', '4', '110', { symbol, fee: '1' }),
      external(fill('sell', '1', '110', { symbol, fee: '1' })),
    ];
    expect(opened({ fills, held: holding({ USDT: '10047' }) })).toMatchObject({
      booked: ['opening USDT 10000 10000'],
      notice: null,
    });
  });

  test.each<[string, Partial<OpeningFacts>]>([
    ['does not tell', {}],
    ['holds the trader’s own money too', { account: 'shared', held: holding({ USDT: '55000' }) }],
  ])('open with the capital of the settings where the venue %s', (_what, facts) => {
    expect(opened({ ...facts, fills: LOSS })).toMatchObject({
      booked: ['opening USDT 10000 10000'],
      notice: null,
    });
  });

  test('open with the capital of the settings where the venue holds less than the trades won', () => {
    const gain = [fill('buy', '10', '100', { fee: '1' }), fill('sell', '10', '130', { fee: '1' })];
    const { booked, notice } = opened({ fills: gain, held: holding({ USDT: '198' }) });
    expect(booked).toEqual(['opening USDT 10000 10000']);
    expect(notice).toBe(
      'settings.capital is 10000, but without our trades the venue would hold -100 USDT: this account was opened with settings.capital; `tradebot account withdraw 10100` books the difference',
    );
  });
});

describe('an account that was opened', () => {
  test('books nothing at another start', () => {
    const facts = { accountEvents: recorded(OPENING), fills: LOSS, held: holding({ USDT: '1' }) };
    expect(opened(facts)).toEqual({ events: [], booked: [], notice: null });
  });

  test('stays as it is when the setting is changed, and says how to book the difference', () => {
    const { booked, notice } = opened({ ...TWENTY, accountEvents: recorded(OPENING), fills: LOSS });
    expect(booked).toEqual([]);
    expect(notice).toBe(
      'settings.capital is 20000, but this account was opened with 10000: nothing was changed; `tradebot account deposit 10000` books the difference',
    );
  });

  test('says how to book a smaller capital', () => {
    expect(opened({ capital: quoteAmount('7500.5'), accountEvents: recorded(OPENING) }).notice).toBe(
      'settings.capital is 7500.5, but this account was opened with 10000: nothing was changed; `tradebot account withdraw 2499.5` books the difference',
    );
  });

  test('counts what was paid in and out since', () => {
    const accountEvents = recorded(OPENING, accountEvent('deposit', 4_000), accountEvent('funding', 9));
    expect(opened({ ...TWENTY, accountEvents }).notice).toBe(
      'settings.capital is 20000, but this account was opened with 10000, which transfers have made 14000: nothing was changed; `tradebot account deposit 6000` books the difference',
    );
  });

  test.each([
    ['the capital it opened with', 10_000],
    ['what transfers have made of it', 14_000],
  ])('has nothing to say while the setting is %s', (_what, capital) => {
    const accountEvents = recorded(OPENING, accountEvent('deposit', 4_000));
    expect(opened({ capital: quoteAmount(capital), accountEvents }).notice).toBeNull();
  });
});
