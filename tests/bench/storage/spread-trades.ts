import type { Database } from 'better-sqlite3';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2020, 0, 1);

/**
 * Fills an empty account's database with made-up round trips, spread evenly over five years: ten symbols, three regimes, two
 * strategies, four ways out, three voters. Triggers are left out meanwhile, and what they keep is made at the end.
 */
export function writeManyTrades(database: Database, count: number): void {
  const triggers = database
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'trade_history'",
    )
    .all();
  database
    .transaction(() => {
      for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
      database
        .prepare(
          `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :count),
          made AS (SELECT n, :first + CAST(n * (:days * ${DAY_MS}.0 / :count) AS INTEGER) AS opened,
            (n * 2654435761) % 4294967296 AS hash FROM numbers)
          INSERT INTO trade_history (timestamp, trade_id, symbol, side, order_type, amount, entry_price, exit_price,
            realized_pnl, pnl_pct, fees, market_regime, bull_confidence, bear_confidence, decision_confidence, won, closed,
            close_timestamp, agent_votes, signals, exit_reason, strategy, decision_id)
          SELECT opened, 'S' || ((hash / 5) % 10) || '/USDT ' || n || ' buy', 'S' || ((hash / 5) % 10) || '/USDT', 'buy', 'limit',
            '0.5', '100.5', '101.25',
            iif(hash % 5 < 2, '-', '') || ((hash / 7) % 90) || '.' || printf('%08d', hash % 100000000), '0.75',
            '0.' || printf('%08d', (hash / 3) % 100000000),
            CASE hash % 3 WHEN 0 THEN 'trending' WHEN 1 THEN 'ranging' ELSE 'volatile' END, 0.6, 0.2, 0.4,
            iif(hash % 5 < 2, 0, 1), 1, opened + 3600000 * (1 + hash % 40),
            '[{"kind":"vote","voter":"bull","action":"BUY","confidence":0.6},{"kind":"vote","voter":"bear","action":"HOLD","confidence":0.2},{"kind":"abstention","voter":"ensemble"}]',
            '{"action":"BUY","reason":"made up"}',
            CASE hash % 4 WHEN 0 THEN 'stop' WHEN 1 THEN 'exit' WHEN 2 THEN 'takeProfit' ELSE 'external' END,
            iif(hash % 2, 'trend', 'rules'), NULL
          FROM made`,
        )
        .run({ count, first: FIRST, days: 5 * 365 });
      database.exec(`DELETE FROM trade_totals; INSERT INTO trade_totals
        SELECT dimension, quote, key, day, sum(trades), sum(wins), sum(made_micros), sum(made_rest),
          sum(lost_micros), sum(lost_rest), sum(fees_micros), sum(fees_rest), sum(held_ms)
        FROM trade_shares GROUP BY dimension, quote, key, day;
        INSERT INTO trade_days
        SELECT close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
        FROM trade_history WHERE closed GROUP BY 1`);
      for (const { sql } of triggers) database.exec(sql);
    })
    .immediate();
}
