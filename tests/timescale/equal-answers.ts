import { expect } from 'vitest';
import { TRADE_DIMENSIONS, type TradeDimension } from '../../core/contract/index.ts';
import { SqliteExposureQueries, SqliteTradeQueries } from '../../core/storage/index.ts';
import { type mirroredBooks, onServer, type Server } from './mirrored-books.ts';

/** Where each question is answered at the server, and what its key is called there. */
const VIEWS: Readonly<Record<TradeDimension, readonly [view: string, key: string]>> = {
  all: ["trade_totals WHERE dimension = 'all' AND", 'key'],
  symbol: ['performance_by_symbol WHERE', 'symbol'],
  side: ['performance_by_side WHERE', 'side'],
  regime: ['performance_by_regime WHERE', 'regime'],
  hour: ['performance_by_hour WHERE', 'hour'],
  weekday: ['performance_by_weekday WHERE', 'weekday'],
  exit: ['performance_by_exit WHERE', 'exit_reason'],
  strategy: ['performance_by_strategy WHERE', 'strategy'],
  voter: ['performance_by_voter WHERE', 'voter'],
  day: ["trade_totals WHERE dimension = 'day' AND", 'key'],
  month: ['monthly_pnl WHERE', 'month'],
};

/** Row for row: what SQLite answers the pages' questions, and what the server's views do. */
export async function expectEqualAnswers(
  server: Server,
  { database, outbox }: ReturnType<typeof mirroredBooks>,
  quotes: readonly string[],
): Promise<void> {
  const { instance } = outbox.state;
  const queries = new SqliteTradeQueries(database);
  await onServer(server, async (client) => {
    const ask = async (sql: string, ...values: readonly string[]) =>
      (await client.query<Record<string, unknown>>(sql, [instance, ...values])).rows;
    for (const quote of quotes) {
      for (const by of TRADE_DIMENSIONS) {
        const [view, key] = VIEWS[by];
        const rows = await ask(
          `SELECT ${key} AS key, trades::int, wins::int, trim_scale(made)::text AS made, trim_scale(lost)::text AS lost,
            trim_scale(net_pnl)::text AS "netPnl", trim_scale(fees)::text AS fees, held_ms::float8 AS "heldMs"
            FROM ${view} instance = $1 AND quote = $2 ORDER BY ${key} COLLATE "C"`,
          quote,
        );
        expect([by, quote, rows]).toEqual([by, quote, queries.totals(by, quote)]);
      }
      const daily = await ask(
        `SELECT to_char(day, 'YYYY-MM-DD') AS key, trades::int, won::int AS wins,
          realized_pnl::float8 AS "netPnl", fees::float8 AS fees
          FROM daily_pnl WHERE instance = $1 AND quote = $2 ORDER BY 1`,
        quote,
      );
      expect(daily).toEqual(
        queries.totals('day', quote).map(({ key, trades, wins, netPnl, fees }) => ({
          // Exact there; here cut at the sixteenth decimal of each trade.
          ...{ key, trades, wins, netPnl: expect.closeTo(Number(netPnl), 10) },
          fees: expect.closeTo(Number(fees), 10),
        })),
      );
    }
    const [streaks] = await ask(
      `SELECT longest_win::int AS "longestWin", longest_loss::int AS "longestLoss", current::int
        FROM trade_streaks WHERE instance = $1`,
    );
    expect(streaks).toEqual(queries.streaks());
    const { from, to } = queries.span() ?? { from: 0, to: 0 };
    const held = await ask(
      'SELECT DISTINCT span_ms::float8 AS span FROM time_held WHERE instance = $1 AND held_share > 0',
    );
    expect(held).toEqual([{ span: to - from }]);
    const exposure = await ask(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, points::int, closing_exposure::text AS "closingExposure",
        closing_equity::text AS "closingEquity", mean_share AS "meanShare", highest_share AS "highestShare"
        FROM daily_exposure WHERE instance = $1 ORDER BY 1`,
    );
    const here = new SqliteExposureQueries(database).daily();
    expect(exposure).toEqual(
      here.map((row) => ({
        ...row,
        // Floats, added up in another order.
        meanShare: expect.closeTo(row.meanShare, 12),
        highestShare: expect.closeTo(row.highestShare, 12),
      })),
    );
  });
}
