import { expect, test } from 'vitest';
import {
  clientOrderId,
  type FillPage,
  VenueError,
  type VenueEvent,
  venueOrderId,
} from '../../../domain/index.ts';
import { NewsRounds } from './news-rounds.ts';
import { readFill, readOrder } from './reading.ts';
import { contextOf, knownDialect, orderRow, tradeRow } from './testing/fake-ccxt.ts';

const SYMBOL = 'BTC/USDT';
const context = contextOf(knownDialect('binance'));
const fill = (changes: object) => readFill(tradeRow({ ...changes }), context);

function rounds(pages: (FillPage | Error)[], found = true) {
  const told: VenueEvent[] = [];
  const asked: unknown[] = [];
  const news = new NewsRounds({
    now: () => 1_000,
    page: async (query) => {
      asked.push(query);
      const page = pages.shift() ?? { fills: [], cursor: null, more: false };
      if (page instanceof Error) throw page;
      return page;
    },
    find: async (ref) => {
      asked.push(ref);
      return found ? { kind: 'found', order: readOrder(orderRow(), context) } : { kind: 'absent' };
    },
    ownIdOf: (_symbol, id) => (id === '17' ? clientOrderId('sOurs') : null),
    tell: (event) => told.push(event),
  });
  return { news, told, asked, kinds: () => told.map(({ kind }) => kind) };
}

test('a round tells every fill since the last, and once each order that it was of', async () => {
  const first: FillPage = { fills: [fill({ id: '1' }), fill({ id: '2' })], cursor: 'c1', more: true };
  const second: FillPage = {
    fills: [fill({ id: '3', order: '99' }), fill({ id: '4', order: null })],
    cursor: 'c2',
    more: false,
  };
  const { news, kinds, asked } = rounds([first, second]);
  await news.ask([SYMBOL]);
  expect(kinds()).toEqual(['fill', 'fill', 'order', 'fill', 'fill']);
  await news.ask([SYMBOL]);
  expect(asked).toEqual([
    { symbol: SYMBOL, cursor: null, since: 1_000 },
    { symbol: SYMBOL, clientOrderId: 'sOurs', venueOrderId: venueOrderId('17'), type: 'market' },
    { symbol: SYMBOL, cursor: 'c1', since: 1_000 },
    { symbol: SYMBOL, cursor: 'c2', since: 1_000 },
  ]);
});

test('an order that the venue does not find is not told of', async () => {
  const { news, kinds } = rounds([{ fills: [fill({})], cursor: 'c', more: false }], false);
  await news.ask([SYMBOL]);
  expect(kinds()).toEqual(['fill']);
});

test('a round that fails is gone on with from where it had come to', async () => {
  const page: FillPage = { fills: [fill({})], cursor: 'c1', more: true };
  const { news, asked, kinds } = rounds([page, new VenueError('uncertain', 'no answer')]);
  await expect(news.ask([SYMBOL])).rejects.toMatchObject({ fault: 'uncertain' });
  await news.ask([SYMBOL]);
  expect(asked.at(-1)).toEqual({ symbol: SYMBOL, cursor: 'c1', since: 1_000 });
  expect(kinds()).toEqual(['fill', 'order']);
});
