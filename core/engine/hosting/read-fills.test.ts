import { expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import type { FillPage, FillQuery } from '../../domain/index.ts';
import { readFills } from './read-fills.ts';

const fillAt = (id: number) => fillOf(`${id}`, 'own', { time: id });

/** A list whose pages come in this order, whatever they are asked by. */
function list(pages: readonly Partial<FillPage>[]) {
  const asked: FillQuery[] = [];
  const page = async (query: FillQuery): Promise<FillPage> => {
    asked.push(query);
    return { fills: [], cursor: null, more: false, ...pages[asked.length - 1] };
  };
  return { asked, page };
}

const idsOf = async (pages: readonly Partial<FillPage>[], since = 0) =>
  (await readFills('BTC/USDT', since, list(pages).page)).map(({ tradeId }) => tradeId);

test('trades are read page by page, each from where the last one ended', async () => {
  const { asked, page } = list([
    { fills: [fillAt(1), fillAt(2)], cursor: 'a', more: true },
    { fills: [], cursor: 'b', more: true },
    { fills: [fillAt(3)], cursor: 'c' },
  ]);
  const fills = await readFills('BTC/USDT', 1, page);
  expect(fills.map(({ tradeId }) => tradeId)).toEqual(['1', '2', '3']);
  expect(asked.map(({ cursor, since }) => [cursor, since])).toEqual([
    [null, 1],
    ['a', 1],
    ['b', 1],
  ]);
});

test('a page that comes twice is read once, and the list goes on', async () => {
  const first = { fills: [fillAt(1), fillAt(2)], cursor: 'a', more: true };
  expect(await idsOf([first, first, { fills: [fillAt(2), fillAt(3)], cursor: 'c' }])).toEqual([
    '1',
    '2',
    '3',
  ]);
});

test('both sides of a trade of the account with itself are two', async () => {
  const pages = [{ fills: [fillAt(1), { ...fillAt(1), side: 'sell' as const }] }];
  expect(await idsOf(pages)).toEqual(['1', '1']);
});

test('what is older than was asked for is left out', async () => {
  expect(await idsOf([{ fills: [fillAt(1), fillAt(2)] }], 2)).toEqual(['2']);
});

test('a page that comes for ever is no list', async () => {
  const page = async (): Promise<FillPage> => ({ fills: [fillAt(1)], cursor: 'a', more: true });
  await expect(readFills('BTC/USDT', 0, page)).rejects.toThrow('BTC/USDT trades tells the same page again');
});

test('a list that never ends is given up', async () => {
  let pages = 0;
  const page = async (): Promise<FillPage> => {
    pages += 1;
    return { fills: [fillAt(pages)], cursor: `${pages}`, more: true };
  };
  await expect(readFills('BTC/USDT', 0, page)).rejects.toThrow(
    'goes on after 2000 pages: give a later --since',
  );
  expect(pages).toBe(2_000);
});
