import type { Database } from 'better-sqlite3';

/** Puts round trips into the trade history, with as much in their JSON as decisions have. */
export function writeTrades(database: Database, count: number): void {
  const votes = JSON.stringify(
    ['bull', 'bear', 'ensemble'].map((voter) => ({
      ...{ kind: 'vote', voter, action: 'BUY', confidence: 0.61, thesis: 'x'.repeat(120), horizonBars: 12 },
    })),
  );
  const signals = JSON.stringify({
    ...{ action: 'BUY', reason: 'support above the threshold', support: { BUY: 0.5, SELL: 0.1 } },
    features: Object.fromEntries(
      Array.from({ length: 20 }, (_each, index) => [`feature_${index}`, index / 7]),
    ),
  });
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO trade_history (timestamp, trade_id, symbol, side, order_type, amount, entry_price, exit_price,
          realized_pnl, pnl_pct, fees, market_regime, bull_confidence, decision_confidence, won, closed, close_timestamp,
          agent_votes, signals, exit_reason, strategy)
        SELECT 1600000000000 + i * 60001, 'BTC/USDT ' || i || ' buy', 'BTC/USDT', 'buy', 'market', '0.5', '100.25', '101.5',
          '0.625', '1.2468827931', '0.05', 'trending', 0.6, 0.37, 1, 1, 1600000000000 + i * 60001 + 5, ?, ?, 'exit',
          'trend' FROM n`,
    )
    .run(count, votes, signals);
}
