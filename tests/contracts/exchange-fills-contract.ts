import { describe, expect, test } from 'vitest';
import { idsOf, type MakeExchange, readFills, started } from './exchange-harness.ts';

/** How fills are read from any exchange. */
export function fillsContract(name: string, makeExchange: MakeExchange): void {
  describe(`${name}: exchange: fills`, () => {
    /** Buys and waits for the fill. */
    async function trade({ exchange, intent, moveTo }: Awaited<ReturnType<typeof started>>, id: string) {
      await exchange.submit(intent(id));
      await moveTo(100 + (Number.parseInt(id.slice(1), 10) % 2));
    }

    test('#15 come oldest first, each once, page by page, also when there are new ones between the pages', async () => {
      const venue = await started(makeExchange);
      const { exchange, symbol, events } = venue;
      for (const id of ['t1', 't2', 't3', 't4', 't5']) await trade(venue, id);
      const later = ['t6', 't7'];
      const { fills, cursor } = await readFills(exchange, symbol, {}, async () => {
        const id = later.shift();
        if (id !== undefined) await trade(venue, id);
      });
      for (const id of later) await trade(venue, id);
      const rest = await readFills(exchange, symbol, { cursor });
      const read = [...fills, ...rest.fills];
      const told = events.flatMap((event) => (event.kind === 'fill' ? [event.fill.tradeId] : []));
      expect(idsOf(read)).toEqual(told);
      expect(new Set(told).size).toBe(told.length);
      expect(read.map(({ clientOrderId: id }) => id)).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', 't7']);
      const times = read.map(({ time }) => time);
      expect(times).toEqual([...times].sort((x, y) => x - y));
    });

    test('from the last cursor on are only those that are new', async () => {
      const venue = await started(makeExchange);
      const { exchange, symbol } = venue;
      await trade(venue, 't1');
      const { cursor } = await readFills(exchange, symbol);
      expect(await readFills(exchange, symbol, { cursor })).toEqual({ fills: [], cursor });
      await trade(venue, 't2');
      const { fills } = await readFills(exchange, symbol, { cursor });
      expect(fills.map(({ clientOrderId: id }) => id)).toEqual(['t2']);
    });

    test('since a moment leave out what is older', async () => {
      const venue = await started(makeExchange);
      const { exchange, symbol } = venue;
      for (const id of ['t1', 't2', 't3']) await trade(venue, id);
      const all = await venue.fills();
      const since = all.find(({ clientOrderId: id }) => id === 't2')?.time ?? 0;
      const recent = await readFills(exchange, symbol, { since });
      expect(recent.fills).toEqual(all.filter(({ time }) => time >= since));
    });

    test('there are none of a symbol in which nothing was traded, and none before the first', async () => {
      const venue = await started(makeExchange);
      const { exchange, symbol } = venue;
      const none = await readFills(exchange, symbol);
      expect(none.fills).toEqual([]);
      await trade(venue, 't1');
      expect((await readFills(exchange, 'NO/SUCH')).fills).toEqual([]);
      const { fills } = await readFills(exchange, symbol, { cursor: none.cursor });
      expect(fills.map(({ clientOrderId: id }) => id)).toEqual(['t1']);
    });
  });
}
